import { round, svg, svgText, WIDTH } from './svg.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What stands at its end. */
  readonly label: string;
}

export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** A line across all bars, such as what they are compared with. */
  readonly mark?: { readonly value: number; readonly label: string };
}

const NAMES_PX = 250;
const LABEL_PX = 110;
const ROW_PX = 34;
const BAR_PX = 20;
const TOP_PX = 50;

/** Bars that lie one below the other, from zero on. */
export function barChart({ title, bars, mark }: BarChart): string {
  const largest = Math.max(...bars.map(({ value }) => value), mark?.value ?? 0);
  const x = (value: number) => NAMES_PX + (value / largest) * (WIDTH - NAMES_PX - LABEL_PX);
  const bottom = TOP_PX + bars.length * ROW_PX;
  const rows = bars.flatMap(({ name, value, label }, index) => {
    const y = TOP_PX + index * ROW_PX;
    const baseline = y + BAR_PX - 5;
    return [
      svgText({ x: NAMES_PX - 10, y: baseline, text: name, anchor: 'end' }),
      `<rect class="bar s0" x="${NAMES_PX}" y="${y}" width="${round(x(value) - NAMES_PX)}" height="${BAR_PX}" rx="2"/>`,
      svgText({ x: x(value) + 8, y: baseline, text: label, className: 'strong' }),
    ];
  });
  const axis = `<line class="grid" x1="${NAMES_PX}" y1="${TOP_PX - 8}" x2="${NAMES_PX}" y2="${bottom}"/>`;
  const across = mark === undefined ? [] : markAt(x(mark.value), bottom, mark.label);
  return svg(title, bottom + 10, [axis, ...rows, ...across]);
}

function markAt(x: number, bottom: number, label: string): string[] {
  return [
    `<line class="aim" x1="${round(x)}" y1="${TOP_PX - 8}" x2="${round(x)}" y2="${bottom}"/>`,
    svgText({ x, y: TOP_PX - 12, text: label, anchor: 'middle', className: 'note' }),
  ];
}

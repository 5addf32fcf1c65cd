import { round, svg, svgText, WIDTH } from './svg.ts';

export interface Bar {
  readonly name: string;
  /** Under the name. */
  readonly note?: string;
  readonly value: number;
  /** What stands at its end. */
  readonly label: string;
}

export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const NAMES_PX = 250;
const LABEL_PX = 70;
const LEFT = NAMES_PX;
const RIGHT = WIDTH - LABEL_PX;
const ROW_PX = 40;
const BAR_PX = 20;
const TOP = 52;

/** Bars that lie one below the other, from zero on. */
export function barChart({ title, bars }: BarChart): string {
  const largest = Math.max(...bars.map(({ value }) => value));
  const x = (value: number) => LEFT + (value / largest) * (RIGHT - LEFT);
  return svg(title, heightOf(bars), [
    axisAt(LEFT, bars),
    ...bars.flatMap((bar, index) => row(bar, index, LEFT, x(bar.value))),
  ]);
}

/** Bars from one on, to the left of what is less: a half is as long as a double. @param even what stands at one */
export function ratioChart({ title, bars, even }: BarChart & { readonly even: string }): string {
  const furthest = Math.max(...bars.map(({ value }) => Math.abs(Math.log(value))));
  const middle = (LEFT + LABEL_PX + RIGHT) / 2;
  const x = (value: number) => middle + (Math.log(value) / furthest) * (RIGHT - middle);
  return svg(title, heightOf(bars), [
    axisAt(middle, bars),
    svgText({ x: middle, y: TOP - 12, text: even, anchor: 'middle', className: 'note' }),
    ...bars.flatMap((bar, index) => row(bar, index, middle, x(bar.value))),
  ]);
}

const heightOf = (bars: readonly Bar[]) => TOP + bars.length * ROW_PX + 4;

function axisAt(x: number, bars: readonly Bar[]): string {
  return `<line class="grid" x1="${round(x)}" y1="${TOP - 6}" x2="${round(x)}" y2="${TOP + bars.length * ROW_PX - 8}"/>`;
}

function row({ name, note, label }: Bar, index: number, from: number, to: number): string[] {
  const y = TOP + index * ROW_PX;
  const baseline = y + BAR_PX - 5;
  const isLeft = to < from;
  return [
    svgText({ x: NAMES_PX - 12, y: note === undefined ? baseline : y + 8, text: name, anchor: 'end' }),
    ...(note === undefined
      ? []
      : [svgText({ x: NAMES_PX - 12, y: y + 24, text: note, anchor: 'end', className: 'note' })]),
    `<rect class="bar s${isLeft ? 1 : 0}" x="${round(Math.min(from, to))}" y="${y}" width="${round(Math.abs(to - from))}" height="${BAR_PX}" rx="2"/>`,
    svgText({
      x: isLeft ? to - 8 : to + 8,
      y: baseline,
      text: label,
      anchor: isLeft ? 'end' : 'start',
      className: 'strong',
    }),
  ];
}

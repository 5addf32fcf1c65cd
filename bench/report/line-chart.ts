import { escapeText, round, svg, svgText, WIDTH } from './svg.ts';

export interface Series {
  readonly name: string;
  /** Which of four; those of one kind have the same. */
  readonly colour: number;
  readonly isDashed: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly series: readonly Series[];
  /** Linear begins at zero. */
  readonly yScale: 'linear' | 'log';
}

const HEIGHT = 340;
const TOP = 50;
const BOTTOM = HEIGHT - 52;
const LEFT = 70;
const RIGHT = WIDTH - 190;
const NAME_PX = 17;

/** Lines over a logarithmic axis, each with its name at its end. */
export function lineChart(chart: LineChart): string {
  const xs = distinct(chart.series.flatMap(({ points }) => points.map(({ x }) => x)));
  const ticks = ticksOf(
    chart.series.flatMap(({ points }) => points.map(({ y }) => y)),
    chart.yScale,
  );
  const x = scale([Math.log(xs[0] ?? 1), Math.log(xs.at(-1) ?? 1)], [LEFT, RIGHT]);
  const toY = chart.yScale === 'log' ? Math.log : (value: number) => value;
  const y = scale([toY(ticks[0] ?? 0), toY(ticks.at(-1) ?? 1)], [BOTTOM, TOP]);
  const at = (point: { x: number; y: number }) => ({ x: x(Math.log(point.x)), y: y(toY(point.y)) });
  const grid = ticks.flatMap((value) => [
    `<line class="grid" x1="${LEFT}" y1="${round(y(toY(value)))}" x2="${RIGHT}" y2="${round(y(toY(value)))}"/>`,
    svgText({ x: LEFT - 8, y: y(toY(value)) + 4, text: chart.formatY(value), anchor: 'end', className: 'note' }),
  ]);
  const names = xs.map((value) =>
    svgText({ x: x(Math.log(value)), y: BOTTOM + 20, text: chart.formatX(value), anchor: 'middle', className: 'note' }),
  );
  const label = svgText({ x: (LEFT + RIGHT) / 2, y: HEIGHT - 10, text: chart.xLabel, anchor: 'middle' });
  const placed = chart.series.map((series) => ({ ...series, points: series.points.map(at) }));
  const ends = apart(placed.map(({ points }) => points.at(-1)?.y ?? BOTTOM));
  const lines = placed.map((series, index) => lineOf(series, ends[index] ?? BOTTOM));
  return svg(chart.title, HEIGHT, [...grid, ...names, label, ...lines]);
}

function lineOf({ name, colour, isDashed, points }: Series, nameY: number): string {
  const path = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
  const dots = points.map(({ x, y }) => `<circle class="dot" cx="${round(x)}" cy="${round(y)}" r="3.5"/>`).join('');
  const text = `<text class="name" x="${RIGHT + 12}" y="${round(nameY + 4)}">${escapeText(name)}</text>`;
  return `<g class="s${colour % 4}"><polyline class="line${isDashed ? ' dashed' : ''}" points="${path}"/>${dots}${text}</g>`;
}

function scale([from, to]: readonly [number, number], [low, high]: readonly [number, number]) {
  return (value: number) => (to === from ? low : low + ((value - from) / (to - from)) * (high - low));
}

/** Round numbers that enclose all values: the powers of ten, or from zero on. */
export function ticksOf(values: readonly number[], kind: 'linear' | 'log'): number[] {
  const largest = Math.max(...values);
  if (kind === 'log') {
    const first = Math.floor(Math.log10(Math.min(...values)));
    const count = Math.max(1, Math.ceil(Math.log10(largest)) - first);
    return Array.from({ length: count + 1 }, (_, index) => 10 ** (first + index));
  }
  const power = 10 ** Math.floor(Math.log10(largest / 4));
  const step = power * ([1, 2, 5, 10].find((each) => each * power * 5 >= largest) ?? 10);
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
}

/** Moves names down until none covers another. */
function apart(positions: readonly number[]): number[] {
  const found = [...positions];
  let free = Number.NEGATIVE_INFINITY;
  const order = positions.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  for (const { at, index } of order) {
    free = Math.max(at, free);
    found[index] = free;
    free += NAME_PX;
  }
  return found;
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

import type { ChartName, Figure } from '../support/figures.ts';
import { barChart, ratioChart } from './bar-chart.ts';
import { lineChart, type Series } from './line-chart.ts';
import { formatCount, formatRatio, formatValue } from './markdown.ts';

export interface Chart {
  readonly name: ChartName;
  /** What it says to those who do not see it. */
  readonly title: string;
  readonly draw: (title: string, figures: readonly Figure[]) => string;
}

const organizations = (count: number) => count.toLocaleString('en');

export const charts: readonly Chart[] = [
  {
    name: 'peers',
    title: 'Requests per second, as a multiple of what each is measured against',
    draw: (title, figures) => {
      const bars = figures.map(({ what, against }) => {
        const ratio = against?.ratio ?? Number.NaN;
        return { name: what, note: `against ${against?.name}`, value: ratio, label: formatRatio(ratio) };
      });
      return ratioChart({ title, bars, even: 'as many' });
    },
  },
  {
    name: 'processes',
    title: 'Decisions per second by processes, all on the same machine',
    draw: (title, figures) =>
      barChart({
        title,
        bars: figures.map(({ at, ours, unit }) => ({
          name: formatCount(at),
          value: ours,
          label: formatValue(ours, unit),
        })),
      }),
  },
  {
    name: 'latency',
    title: 'Latency of one request after the other, as the fleet grows',
    draw: (title, figures) =>
      lineChart({ ...overFleet(title, figures), formatY: (value) => `${value} ms`, yScale: 'linear' }),
  },
  {
    name: 'bulk',
    title: 'Whole fleets at once, as the fleet grows',
    draw: (title, figures) =>
      lineChart({ ...overFleet(title, figures), formatY: (value) => `${value} s`, yScale: 'log' }),
  },
];

function overFleet(title: string, figures: readonly Figure[]) {
  const kindOf = (what: string) => what.replace(/, p\d+$/, '');
  const kinds = [...new Set(figures.map(({ what }) => kindOf(what)))];
  const series: Series[] = [...Map.groupBy(figures, ({ what }) => what)].map(([name, own]) => ({
    name,
    colour: kinds.indexOf(kindOf(name)),
    isDashed: name.endsWith(', p99'),
    points: own.flatMap(({ ours: y, at }) => (at === undefined ? [] : { x: at.count, y })),
  }));
  return { title, series, xLabel: 'organizations', formatX: organizations };
}

import { describe, expect, test } from 'vitest';
import { barChart, ratioChart } from '../../../bench/report/bar-chart.ts';
import { lineChart, ticksOf } from '../../../bench/report/line-chart.ts';

const numbers = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map(([, value]) => Number(value));

describe('bars', () => {
  const bars = [
    { name: 'slow <1>', value: 100, label: '100/s' },
    { name: 'fast', value: 400, label: '400/s' },
  ];

  test('are as long as their values are large, each with its name and its label', () => {
    const svg = barChart({ title: 'Rates', bars });
    const [slow = 0, fast = 0] = numbers(svg, /<rect[^>]* width="([\d.]+)"/g);
    expect(fast / slow).toBeCloseTo(4, 2);
    for (const text of ['Rates', 'slow &lt;1>', 'fast', '100/s', '400/s']) expect(svg).toContain(`>${text}</text>`);
  });

  test('of ratios go as far to the left for a half as to the right for a double', () => {
    const ratios = [0.5, 2, 1.5].map((value) => ({ name: `${value}`, value, label: `${value} times` }));
    const svg = ratioChart({ title: 'Ratios', bars: ratios, even: 'as many' });
    const [half = 0, double = 0, more = 0] = numbers(svg, /<rect[^>]* x="([\d.]+)"/g);
    const [left = 0, right = 0] = numbers(svg, /<rect[^>]* width="([\d.]+)"/g);
    expect(half + left).toBeCloseTo(double, 0);
    expect(more).toBe(double);
    expect(left).toBe(right);
    expect(double + right).toBeLessThan(720);
    expect(svg).toContain('>as many</text>');
  });
});

describe('lines', () => {
  const chart = {
    title: 'Latency',
    xLabel: 'organizations',
    formatX: (value: number) => `${value} organizations`,
    formatY: (value: number) => `${value} ms`,
  };
  const series = [
    { name: 'list', colour: 0, isDashed: false, points: [1000, 10_000, 100_000].map((x) => ({ x, y: x / 10_000 })) },
    { name: 'decision', colour: 1, isDashed: true, points: [1000, 10_000, 100_000].map((x) => ({ x, y: x / 10_000 })) },
  ];

  test('have their sizes at even steps of ten, and names that do not cover each other', () => {
    const svg = lineChart({ ...chart, series, yScale: 'linear' });
    const [first = 0, second = 0, third = 0] = numbers(svg, /<circle class="dot" cx="([\d.]+)"/g);
    expect(second - first).toBeCloseTo(third - second, 0);
    for (const x of [1000, 10_000, 100_000]) expect(svg).toContain(`>${x} organizations</text>`);
    const [list = 0, decision = 0] = numbers(svg, /class="name" x="\d+" y="([\d.]+)"/g);
    expect(Math.abs(list - decision)).toBeGreaterThan(13);
  });

  test('are straight over logarithms when what grows tenfold costs ten times as much', () => {
    const svg = lineChart({ ...chart, series: series.slice(0, 1), yScale: 'log' });
    const [first = 0, second = 0, third = 0] = numbers(svg, /<circle[^>]* cy="([\d.]+)"/g);
    expect(first - second).toBeCloseTo(second - third, 0);
    expect(first).toBeGreaterThan(third);
  });

  test.for([
    { values: [0.9, 1.3], kind: 'linear', ticks: [0, 0.5, 1, 1.5] },
    { values: [3, 42], kind: 'linear', ticks: [0, 10, 20, 30, 40, 50] },
    { values: [100], kind: 'linear', ticks: [0, 20, 40, 60, 80, 100] },
    { values: [0.08, 9], kind: 'log', ticks: [0.01, 0.1, 1, 10] },
    { values: [10, 10], kind: 'log', ticks: [10, 100] },
  ] as const)('have round marks that enclose $values ($kind)', ({ values, kind, ticks }) => {
    const found = ticksOf(values, kind);
    expect(found).toHaveLength(ticks.length);
    for (const [index, tick] of ticks.entries()) expect(found[index]).toBeCloseTo(tick, 9);
  });

  test('of a single point have their place too', () => {
    const svg = lineChart({
      ...chart,
      series: [{ name: 'list', colour: 0, isDashed: false, points: [{ x: 1000, y: 1 }] }],
      yScale: 'log',
    });
    expect(svg).not.toContain('NaN');
  });
});

test('pictures hold their colours for light and dark, and a text for those who do not see them', () => {
  const svg = barChart({ title: 'Rates & "more"', bars: [] });
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).toContain('aria-label="Rates &amp; &quot;more&quot;"');
});

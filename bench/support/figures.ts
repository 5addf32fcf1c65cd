import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';

const aim = z.object({
  /** Whether our own value has the aim, or its ratio to what it is measured against. */
  of: z.enum(['ours', 'ratio']),
  bound: z.enum(['at least', 'at most']),
  value: z.number(),
});

const figure = z.object({
  what: z.string(),
  unit: z.enum(['/s', 'rows/s', 'ms', 's', 'MB', '%', 'times', 'µs', 'cores']),
  ours: z.number(),
  /** Measured in the same run, in the same unit. The ratio is the median of the rounds, not that of the two medians. */
  against: z.object({ name: z.string(), value: z.number(), ratio: z.number() }).optional(),
  aim: aim.optional(),
  /** How much there was of what it may depend on. */
  at: z.object({ count: z.number(), of: z.enum(['organizations', 'processes']) }).optional(),
  /** That shows it. */
  chart: z.enum(['peers', 'processes', 'latency', 'bulk']).optional(),
});

/** One measured value, beside what it is measured against. */
export type Figure = z.infer<typeof figure>;
export type Aim = z.infer<typeof aim>;
export type Unit = Figure['unit'];
export type ChartName = NonNullable<Figure['chart']>;

/** Where the figures of a run are gathered: a file, each a line of JSON. */
export const FIGURES_FILE = 'BENCH_FIGURES';

/** Hands figures to the report, when one is being made. */
export async function record(...figures: readonly Figure[]): Promise<void> {
  const file = process.env[FIGURES_FILE];
  if (file === undefined) return;
  await appendFile(file, figures.map((each) => `${JSON.stringify(figure.parse(each))}\n`).join(''));
}

/** Those that were handed over so far; none when nobody has. */
export async function readFigures(file: string): Promise<Figure[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => figure.parse(JSON.parse(line)));
}

/** Of our own value. */
export const atMost = (value: number): Aim => ({ of: 'ours', bound: 'at most', value });
export const atLeast = (value: number): Aim => ({ of: 'ours', bound: 'at least', value });

/** Undefined when there is no aim. */
export function isHeld({ ours, against, aim: wanted }: Figure): boolean | undefined {
  if (wanted === undefined) return undefined;
  const value = wanted.of === 'ours' ? ours : (against?.ratio ?? Number.NaN);
  return wanted.bound === 'at least' ? value >= wanted.value : value <= wanted.value;
}

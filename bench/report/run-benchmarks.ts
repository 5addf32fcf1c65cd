import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIGURES_FILE, readFigures } from '../support/figures.ts';
import type { Outcome, Report } from './report.ts';

export const REPORT_FOLDER = 'BENCH_REPORT';
const NO_SETTINGS = [FIGURES_FILE, REPORT_FOLDER];

export interface Benchmark {
  readonly title: string;
  /** The program, from the folder that the command is given in. */
  readonly file: string;
}

/** Runs one after the other, whatever becomes of the one before. What they print, and why they fail, is shown as it comes. */
export async function runBenchmarks(benchmarks: readonly Benchmark[]): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-figures-'));
  try {
    const outcomes: Outcome[] = [];
    for (const benchmark of benchmarks) {
      outcomes.push(await runBenchmark(benchmark, join(folder, `${outcomes.length}.jsonl`)));
    }
    return outcomes;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runBenchmark({ title, file }: Benchmark, figuresFile: string): Promise<Outcome> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, [FIGURES_FILE]: figuresFile },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await once(child, 'exit');
  const { exitCode, signalCode } = child;
  return {
    title,
    command: [...settings(), 'node', file].join(' '),
    tookSeconds: (performance.now() - startedAt) / 1000,
    failure: exitCode === 0 ? null : `it ended with ${signalCode ?? `exit code ${exitCode}`}`,
    figures: await readFigures(figuresFile),
  };
}

/** Those that make a benchmark shorter or longer than it is meant to be. */
function settings(): string[] {
  const given = Object.entries(process.env).filter(([name]) => name.startsWith('BENCH_'));
  return given.flatMap(([name, value]) => (NO_SETTINGS.includes(name) ? [] : `${name}=${value}`));
}

/** `benchmarks.md`, and its pictures in `images/`. */
export async function keepReport(folder: string, { markdown, images }: Report): Promise<void> {
  await mkdir(join(folder, 'images'), { recursive: true });
  for (const [name, svg] of images) await writeFile(join(folder, 'images', name), svg);
  await writeFile(join(folder, 'benchmarks.md'), markdown);
}

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countTable, figureTable, formatValue } from '../../../bench/report/markdown.ts';
import { writeReport } from '../../../bench/report/report.ts';
import { keepReport, runBenchmarks } from '../../../bench/report/run-benchmarks.ts';
import type { Figure } from '../../../bench/support/figures.ts';

const list: Figure = {
  what: 'list of 50',
  unit: '/s',
  ours: 817.4,
  against: { name: 'bare Mercurius', value: 1978, ratio: 0.413 },
  aim: { of: 'ratio', bound: 'at least', value: 1 },
  chart: 'peers',
};
const calm: Figure = { what: 'p99', unit: 'ms', ours: 6.29, aim: { of: 'ours', bound: 'at most', value: 10 } };

test.for([
  [8062.4, '/s', '8,062/s'],
  [6.29, 'ms', '6.3 ms'],
  [0.5, 's', '0.50 s'],
  [1.3, 'times', '1.30 times'],
] as const)('%d %s is written as %s', ([value, unit, text]) => {
  expect(formatValue(value, unit)).toBe(text);
});

test('a table says of each aim whether it is held', () => {
  const [, , first, second] = figureTable([list, calm]).split('\n');
  expect(first).toBe('| list of 50 | 817/s | bare Mercurius: 1,978/s | 0.41 | ratio at least 1 | **missed** |');
  expect(second).toBe('| p99 | 6.3 ms |  |  | at most 10.0 ms | held |');
});

test('what was measured at several counts has a column for each', () => {
  const at = (count: number, ours: number): Figure => ({ ...list, ours, at: { count, of: 'processes' } });
  const other: Figure = { what: 'server', unit: 'cores', ours: 0.9, at: { count: 2, of: 'processes' } };
  expect(countTable([at(1, 8000), at(2, 9000), other]).split('\n')).toEqual([
    '|  | 1 process | 2 processes |',
    '|---|---|---|',
    '| list of 50 (ratio to bare Mercurius) | 8,000/s (0.41) | 9,000/s (0.41) |',
    '| server |  | 0.90 cores |',
  ]);
});

test('what is under aim stands at the top, and a picture only where there are figures for it', () => {
  const outcome = { title: 'The list', command: 'node list.ts', tookSeconds: 12.3, failure: null };
  const { markdown, images } = writeReport([['memory', '8 GB']], [{ ...outcome, figures: [list, calm] }]);
  expect(markdown).toContain(
    '1 of 2 aims are held.\n\n- The list: list of 50: ratio 0.41 (bare Mercurius), the aim is ratio at least 1\n',
  );
  expect(markdown).toContain('| memory | 8 GB |');
  expect(markdown).toContain('## The list\n\n`node list.ts`, 12 s');
  expect([...images.keys()]).toEqual(['bench-peers.svg']);
  expect(markdown).toContain('](images/bench-peers.svg)');
});

test('a benchmark that fails is told of with what it had measured, and the next one runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-report-'));
  try {
    const figures = new URL('../../../bench/support/figures.ts', import.meta.url).href;
    const program = async (name: string, last: string) => {
      const file = join(folder, name);
      await writeFile(
        file,
        `import { record } from '${figures}';
         await record({ what: '${name}', unit: 'ms', ours: 5, at: { count: 10, of: 'organizations' }, chart: 'latency' });
         ${last}`,
      );
      return { title: `Title of ${name}`, file };
    };
    const benchmarks = [await program('broken.mts', 'process.exit(3);'), await program('sound.mts', '')];
    const outcomes = await runBenchmarks(benchmarks);
    expect(outcomes.map(({ failure }) => failure)).toEqual(['it ended with exit code 3', null]);
    await keepReport(folder, writeReport([], outcomes));
    const markdown = await readFile(join(folder, 'benchmarks.md'), 'utf8');
    expect(markdown).toContain('- Title of broken.mts: **not measured to its end**: it ended with exit code 3');
    for (const name of ['broken.mts', 'sound.mts']) expect(markdown).toContain(`| ${name} | 5.0 ms |`);
    expect(await readdir(join(folder, 'images'))).toEqual(['bench-latency.svg']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

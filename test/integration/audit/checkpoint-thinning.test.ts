import { execFile } from 'node:child_process';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readCheckpoints } from '../../../src/audit/checkpoint-file.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';

const ROOTS = ['01920000-0000-7000-8000-000000000001', '01920000-0000-7000-8000-000000000002'] as const;
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'] as const;
const LINES_A_DAY = 300;

const lineOf = (root: string, day: string, sequence: number) => {
  const sealedAt = new Date(Date.parse(`${day}T00:00:00Z`) + ((sequence - 1) % LINES_A_DAY) * 60_000).toISOString();
  return `${JSON.stringify({ root, sequence, sealedAt, signature: `${root}.${sequence}.${'x'.repeat(400)}` })}\n`;
};

/** What docs/operating.md has under this heading to be typed. */
async function commandsOf(heading: string): Promise<string> {
  const text = await readFile('docs/operating.md', 'utf8');
  const [, section = ''] = text.split(new RegExp(`^## ${heading}$`, 'm'));
  const [, commands] = /^```sh\n([\s\S]*?)^```$/m.exec(section) ?? [];
  if (commands === undefined) throw new Error(`there are no commands under ${heading}`);
  return commands;
}

test('the commands that thin the file of checkpoints keep the last line of each root and day', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'checkpoints.ndjson');
  const lines = DAYS.flatMap((day, index) =>
    Array.from({ length: LINES_A_DAY }, (_, minute) =>
      ROOTS.map((root) => lineOf(root, day, index * LINES_A_DAY + minute + 1)),
    ).flat(),
  );
  // A process that was killed in the midst of a line, at the end of a day.
  const [root] = ROOTS;
  await writeFile(file, `${lines.join('')}${lineOf(root, '2026-11-22', 901).slice(0, 200)}\n`, { mode: 0o600 });
  await promisify(execFile)('sh', ['-euc', await commandsOf('The audit trail')], {
    env: { PATH: process.env['PATH'], KEYWARD_AUDIT_CHECKPOINT_FILE: file },
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await appendFile(file, lineOf(root, '2026-11-23', 1000));
  const { byRoot, unreadable } = await readCheckpoints(file);
  const kept = (each: string) =>
    [...byRoot]
      .filter(([id]) => id === each)
      .flatMap(([, checkpoints]) => checkpoints.map(({ sequence }) => sequence))
      .sort((a, b) => a - b);
  expect(unreadable).toBe(0);
  expect(kept(ROOTS[0])).toEqual([300, 600, 900, 1000]);
  expect(kept(ROOTS[1])).toEqual([300, 600, 900]);
});

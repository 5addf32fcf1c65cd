import pg from 'pg';
import { expect, test } from 'vitest';
import { StatementWatch } from '../../../src/database/watch-statement.ts';
import { createLog } from '../../../src/log.ts';
import { doingAs } from '../../../src/watching/current.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly statement: string;
  readonly durationMs: number;
  readonly heldBack: number;
  readonly requestId?: string;
  readonly err?: { readonly code?: string };
}

function watching(slowMs: number) {
  const lines: Line[] = [];
  const log = createLog('debug', { write: (text) => void lines.push(JSON.parse(text) as Line) });
  return { watch: new StatementWatch(log, slowMs), lines };
}

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** An answer that takes the server so long. */
async function answeredAfter(ms: number): Promise<void> {
  await null;
  busyFor(ms);
}

function refusedWith(code: string): () => Promise<never> {
  const error = new pg.DatabaseError('value "s3cret" is wrong', 0, 'error');
  error.code = code;
  return () => Promise.reject(error);
}

test('a statement that takes long is told once, by name and with the request that it was for', async () => {
  const { watch, lines } = watching(20);
  const run = () => watch.run('api_key.lock', { lastAnsweredAt: 0 }, () => answeredAfter(25));
  await doingAs({ requestId: 'r-1', span: null }, run);
  await run();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 40, statement: 'api_key.lock', requestId: 'r-1', heldBack: 0 });
  expect(lines[0]?.durationMs).toBeGreaterThanOrEqual(25);
});

test('what a statement waits for those sent with it is not its own time', async () => {
  const { watch, lines } = watching(30);
  const pace = { lastAnsweredAt: 0 };
  let slow = Promise.resolve();
  const first = watch.run('a.slow', pace, () => {
    slow = answeredAfter(40);
    return slow;
  });
  const second = watch.run('a.quick', pace, () => slow.then(() => null));
  await Promise.all([first, second]);
  expect(lines.map(({ statement }) => statement)).toEqual(['a.slow']);
});

test.each([
  ['57014', 40],
  ['42P01', 40],
  ['23505', 30],
  ['40P01', 30],
  ['55P03', 30],
])('a statement that fails with %s is told at level %i, without what it was about', async (code, level) => {
  const { watch, lines } = watching(1000);
  for (let round = 0; round < 3; round++) {
    await expect(watch.run('a.b', { lastAnsweredAt: 0 }, refusedWith(code))).rejects.toThrow();
  }
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level, statement: 'a.b', err: { code } });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});

test('what fails since another statement of its transaction has is not told', async () => {
  const { watch, lines } = watching(1000);
  await expect(watch.run('a.b', { lastAnsweredAt: 0 }, refusedWith('25P02'))).rejects.toThrow();
  expect(lines).toEqual([]);
});

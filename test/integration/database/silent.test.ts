import pg from 'pg';
import { expect, vi } from 'vitest';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { statement } from '../../../src/database/statement.ts';
import { openFrailLink } from '../../support/frail-link.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';

const LIMITS = { statementTimeoutMs: 15_000, lockTimeoutMs: 10_000, silentServerMs: 60_000, silentProgramMs: 60_000 };
const answer = statement<{ answer: number }>('test.answer', 'select 42 as answer');
const lockAll = statement<object>('test.lock_all', 'select from organization for no key update');

function open({ keyward }: KeyWorld, more: Partial<DatabaseOptions>): Database & AsyncDisposable {
  const { connectionString = '' } = keyward.services.database.pool.options;
  const options = { connectionString, poolSize: 1, preparedStatements: true, log: keyward.services.log };
  const database = new Database({ ...options, ...LIMITS, ...more });
  return Object.assign(database, { [Symbol.asyncDispose]: () => database.close() });
}

test('a server that has become silent is given up, and asked anew once it can be reached', async ({ world }) => {
  const { connectionString = '' } = world.keyward.services.database.pool.options;
  await using link = await openFrailLink(connectionString);
  await using database = open(world, { connectionString: link.url, silentServerMs: 300 });
  const ask = () => database.withTransaction(PLATFORM_SCOPE, (tx) => tx.row(answer, []));
  expect(await ask()).toEqual({ answer: 42 });
  link.setSilent(true);
  const error: unknown = await ask().catch((reason: unknown) => reason);
  expect(database.isAway(error)).toBe(true);
  link.setSilent(false);
  expect(await ask()).toEqual({ answer: 42 });
});

test.for([true, false])(
  'what a program has locked that then says nothing is free again, prepared statements: %s',
  async (preparedStatements, { world }) => {
    await using database = open(world, { preparedStatements, silentProgramMs: 200 });
    const isLocked = Promise.withResolvers<void>();
    const isFree = Promise.withResolvers<void>();
    const silent = database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      await tx.rows(lockAll, []);
      isLocked.resolve();
      await isFree.promise;
    });
    silent.catch(() => undefined); // looked at below
    await isLocked.promise;
    const other = new pg.Client({ connectionString: world.keyward.database.ownerUrl });
    await other.connect();
    await vi.waitFor(() => other.query('select from organization for no key update nowait'), 10_000);
    await other.end();
    isFree.resolve();
    await expect(silent).rejects.toThrow();
  },
);

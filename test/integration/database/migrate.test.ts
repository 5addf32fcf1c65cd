import { createServer } from 'node:net';
import { describe, expect, vi } from 'vitest';
import { migrate, requireSupportedVersion } from '../../../src/database/migrate.ts';
import { SetupError } from '../../../src/setup-error.ts';
import { holding, run, type Scripts, test, withPart } from '../../support/migrations-of-a-test.ts';

/** Whoever is to change the table `first`, and cannot yet. */
const WAITING_FOR_FIRST = `SELECT FROM pg_locks
  WHERE relation = 'first'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted`;

async function messageOf(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SetupError);
  const message = error instanceof SetupError ? error.message : '';
  expect(message).not.toContain('\n');
  return message;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const first: Scripts = { '1_first': 'CREATE TABLE first (id int PRIMARY KEY);' };
/** Waits for whoever has a snapshot, of those that migrate as well. */
const INDEX = 'CREATE INDEX CONCURRENTLY first_id ON first (id)';
const second: Scripts = { '2_second': 'CREATE TABLE second (id int PRIMARY KEY);' };

describe('migrate', () => {
  test("applies the product's own migrations to an empty database, once", async ({ database }) => {
    const { applied } = await migrate(database);
    expect(applied.length).toBeGreaterThan(0);
    expect(await migrate(database)).toEqual({ applied: [] });
  });

  test('applies only what is missing, in the order of names', async ({ database, migrationsOf }) => {
    expect(await migrate(database, await migrationsOf(first))).toEqual({ applied: ['1_first'] });
    const more = { '3_third': 'ALTER TABLE second ADD COLUMN third int;', ...second, ...first };
    expect(await migrate(database, await migrationsOf(more))).toEqual({ applied: ['2_second', '3_third'] });
  });

  test('leaves function bodies and texts with semicolons whole', async ({ database, migrationsOf }) => {
    const body = `-- one; two\nCREATE FUNCTION answer() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END; $$;`;
    await migrate(database, await migrationsOf({ '1_function': body }));
    expect((await run(database, 'SELECT answer()')).rows).toEqual([{ answer: 'a;b' }]);
  });

  test('takes line ends of another system for the same migration', async ({ database, migrationsOf }) => {
    const sql = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n';
    await migrate(database, await migrationsOf({ '1_lines': sql }));
    const windows = await migrationsOf({ '1_lines': sql.replaceAll('\n', '\r\n') });
    expect(await migrate(database, windows)).toEqual({ applied: [] });
  });

  test('lets two that start at once take turns', async ({ database, migrationsOf }) => {
    const folder = await migrationsOf({ ...first, ...second, '3_slow': 'SELECT pg_sleep(0.3);', '4_index': INDEX });
    const results = await Promise.all([migrate(database, folder), migrate(database, folder)]);
    expect(results.flatMap((result) => result.applied)).toEqual(['1_first', '2_second', '3_slow', '4_index']);
  });

  test('rolls a failed migration back as a whole, and succeeds once the cause is gone', async ({
    database,
    migrationsOf,
  }) => {
    const folder = await migrationsOf({
      ...first,
      '2_broken': 'CREATE TABLE half (id int); SELECT id / 0 FROM first;',
    });
    await migrate(database, await migrationsOf(first));
    await run(database, 'INSERT INTO first VALUES (1)');
    const message = await messageOf(migrate(database, folder));
    expect(message).toMatch(/2_broken failed and was rolled back.*division by zero/);
    expect((await run(database, "SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
    await run(database, 'DELETE FROM first');
    expect(await migrate(database, folder)).toEqual({ applied: ['2_broken'] });
  });

  test('gives way to who holds the table it changes, and makes nobody wait for long', async ({
    database,
    migrationsOf,
  }) => {
    await migrate(database, await migrationsOf(first));
    await using holder = await holding(database, 'SELECT FROM first');
    const migrated = migrate(
      database,
      await migrationsOf({ ...first, '2_wider': 'ALTER TABLE first ADD COLUMN more int;' }),
    );
    // Everybody goes on reading while it tries, again and again, in the time that a decision has.
    for (const waits of [true, false, true, false]) {
      await vi.waitUntil(async () => ((await run(database, WAITING_FOR_FIRST)).rowCount === 1) === waits, 30_000);
      await run(database, 'SET lock_timeout = 1500; SELECT FROM first');
    }
    await holder.release();
    expect(await migrated).toEqual({ applied: ['2_wider'] });
    const history = 'SELECT migration_name AS name, rolled_back_at IS NULL AS stays FROM _prisma_migrations ORDER BY 1';
    expect((await run(database, history)).rows).toEqual([
      { name: '1_first', stays: true },
      { name: '2_wider', stays: true },
    ]);
  });

  test('says who is in its way when that does not end, and succeeds once it has', async ({
    database,
    migrationsOf,
  }) => {
    await migrate(database, await migrationsOf(first));
    await using holder = await holding(database, 'SELECT FROM first');
    const folder = await migrationsOf({ ...first, '2_wider': 'ALTER TABLE first ADD COLUMN more int;' });
    const patience = { longestWaitMs: 400, attempts: 2, pauseMs: 100 };
    const message = await messageOf(migrate(database, folder, patience));
    expect(message).toMatch(/2_wider failed and was rolled back.*could not lock a table.*2 attempts of 400 ms/);
    expect(message).toMatch(
      new RegExp(`held by process ${holder.pid} \\("a report" as keyward, whose transaction is \\d+ s old\\)`),
    );
    await holder.release();
    expect(await migrate(database, folder)).toEqual({ applied: ['2_wider'] });
  });

  test('makes an index concurrently after a script that was looked after while it ran', async ({
    database,
    migrationsOf,
  }) => {
    const folder = await migrationsOf({ ...first, '2_long': 'SELECT pg_sleep(0.1)', '3_index': INDEX });
    const patience = { longestWaitMs: 40, attempts: 1, pauseMs: 0 };
    expect(await migrate(database, folder, patience)).toEqual({ applied: ['1_first', '2_long', '3_index'] });
  });

  test('refuses to go on after a migration that ended half-way', async ({ database, migrationsOf }) => {
    const folder = await migrationsOf({ ...first, '2_halves': 'CREATE TABLE half (id int); COMMIT; SELECT 1 / 0;' });
    expect(await messageOf(migrate(database, folder))).toContain('2_halves ended half-way');
    const message = await messageOf(migrate(database, folder));
    const statement = /"(UPDATE [^"]*)"/.exec(message)?.[1] ?? 'the message has no statement';
    expect((await run(database, statement)).rowCount).toBe(1);
    const repaired = await migrationsOf({ ...first, '2_halves': 'SELECT FROM half;' });
    expect(await migrate(database, repaired)).toEqual({ applied: ['2_halves'] });
  });

  test('refuses a database of a newer version', async ({ database, migrationsOf }) => {
    await migrate(database, await migrationsOf({ ...first, ...second }));
    const message = await messageOf(migrate(database, await migrationsOf(first)));
    expect(message).toMatch(/has migration 2_second that this version of Keyward does not know.*Upgrade Keyward/);
  });

  test('refuses a migration that was edited after it was applied', async ({ database, migrationsOf }) => {
    await migrate(database, await migrationsOf(first));
    const edited = await migrationsOf({ '1_first': 'CREATE TABLE first (id bigint PRIMARY KEY);' });
    expect(await messageOf(migrate(database, edited))).toMatch(/1_first.*checksum/);
  });

  test('names a server that does not answer, without the password', async ({ database }) => {
    const port = await closedPort();
    const address = withPart(database, (url) => (url.port = String(port)));
    const message = await messageOf(migrate(address));
    expect(message).toContain(`127.0.0.1:${port} (ECONNREFUSED)`);
    expect(message).not.toContain(new URL(database).password);
  });

  test('names what is wrong with user, database or address, without the password', async ({ database }) => {
    const wrongPassword = withPart(database, (url) => (url.password = 'not-the-password'));
    const missing = withPart(database, (url) => (url.pathname = 'nowhere'));
    const refusals = [
      await messageOf(migrate(wrongPassword)),
      await messageOf(migrate(missing)),
      await messageOf(migrate('postgres://keyward:not-the-password@[bad')),
    ];
    expect(refusals[0]).toContain('refuses the user "keyward"');
    expect(refusals[1]).toContain('has no database "nowhere"');
    expect(refusals[2]).toContain('is not a valid one');
    for (const message of refusals) expect(message).not.toMatch(/not-the-password/);
    expect(refusals.join()).not.toContain(new URL(database).password);
  });

  test('takes PostgreSQL 15 to 18 only', () => {
    for (const version of [150000, 150012, 180004]) expect(() => requireSupportedVersion(version)).not.toThrow();
    for (const version of [140012, 190000, Number.NaN])
      expect(() => requireSupportedVersion(version)).toThrow(SetupError);
  });
});

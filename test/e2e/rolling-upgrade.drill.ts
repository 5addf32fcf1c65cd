import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runKeyward, startKeyward } from '../support/keyward-process.ts';
import { makeNextVersion } from '../support/next-version.ts';
import { send } from '../support/raw-http.ts';
import { SteadyLoad } from '../support/steady-load.ts';
import { isDone, isValid, openTwoBehindHaproxy } from '../support/two-behind-haproxy.ts';

const CONNECTIONS = 50;
const REQUESTS = Number(process.env['KEYWARD_RESTART_REQUESTS'] ?? 2000);
const PHASES = 5;
/** Longer than any request may take. */
const REPORT_MS = 4000;

/** Widens the tables that every decision and every command has to do with, as a later version may. */
const NEXT = '20991231000003_of_the_next_version';
const WIDER = {
  '20991231000000_keys':
    'alter table api_key add column of_the_next_version text, add column counted integer not null default 0',
  '20991231000001_counters': 'alter table usage_counter add column of_the_next_version text',
  '20991231000002_events': 'alter table audit_event add column of_the_next_version text',
  [NEXT]: `create table of_the_next_version (
     root_provider_id uuid not null, id uuid not null, primary key (root_provider_id, id))`,
};

test('two versions work on one database while one takes the place of the other under load, and no request fails', {
  timeout: 180_000 + REQUESTS * 10,
}, async () => {
  const { database, env, servers, haproxy, decision, command } = await openTwoBehindHaproxy();
  await using next = await makeNextVersion(WIDER);
  await using load = new SteadyLoad(CONNECTIONS, decision, isValid);
  await using commands = new SteadyLoad(1, command, isDone);
  const someMore = async () => {
    const [wanted, wantedCommands] = [load.answered + REQUESTS / PHASES, commands.answered + 5];
    const isEnough = () => load.answered >= wanted && commands.answered >= wantedCommands;
    await expect.poll(isEnough, { timeout: 60_000 + REQUESTS * 10 }).toBe(true);
  };
  await someMore();

  // The next version brings the database up to date beside the others, although somebody reads what it changes.
  const report = new pg.Client({ connectionString: database.ownerUrl, application_name: 'a report' });
  await report.connect();
  await report.query('begin');
  await report.query('select count(*) from api_key');
  const migrated = runKeyward(['migrate'], env[0], next.program);
  const waiting = `select from pg_locks where not granted and mode = 'AccessExclusiveLock' and relation = 'api_key'::regclass`;
  await expect.poll(() => database.query(waiting), { timeout: 60_000, interval: 50 }).not.toEqual([]);
  const began = performance.now();
  await wait(REPORT_MS);
  expect(await hasMigrated(database)).toBe(false);
  await report.end();
  expect(await migrated).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
  expect(await hasMigrated(database)).toBe(true);
  const migrationMs = performance.now() - began;
  await someMore();

  // The version before it goes on, and does not start any more.
  const refused = await runKeyward(['serve'], { ...env[0], PORT: String(await freePort()) });
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringContaining('that this version of Keyward does not know'),
  ]);
  for (const { url } of servers) expect(await send(`${url}/readyz`)).toMatchObject({ status: 200 });

  for (const which of [0, 1] as const) {
    expect(await servers[which].stop('SIGTERM')).toBe(0);
    servers[which] = await startKeyward(env[which], [], next.program);
    await expect.poll(() => haproxy.statusOf(which === 0 ? 'one' : 'two'), { timeout: 30_000 }).toBe('UP');
    await someMore();
  }
  const [{ answered, failures }, done] = [await load.stop(), await commands.stop()];
  console.info(
    `${answered} decisions and ${done.answered} commands over an upgrade; failed:`,
    Object.fromEntries([...failures, ...done.failures]),
    `the migration tried for ${Math.round(migrationMs)} ms, ${REPORT_MS} ms of them behind a report`,
  );
  expect([...failures, ...done.failures]).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(REQUESTS);
  const [counted] = await database.query<{ used: string }>('select sum(used) as used from usage_counter');
  expect(Number(counted?.used)).toBe(answered);
});

async function hasMigrated(database: { query(sql: string): Promise<unknown[]> }): Promise<boolean> {
  const found = await database.query(
    `select from _prisma_migrations where migration_name = '${NEXT}' and finished_at is not null`,
  );
  return found.length === 1;
}

import { describe, expect, vi } from 'vitest';
import { lookAtMigrations } from '../../../src/database/look-at-migrations.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { startKillable } from '../../support/killable-process.ts';
import { holding, run, test } from '../../support/migrations-of-a-test.ts';

const CHILD = new URL('../../support/migrate-child.ts', import.meta.url);
const first = { '1_first': 'CREATE TABLE first (id int PRIMARY KEY);' };

/** How many connections of others wait so. */
async function waitingFor(database: string, what: 'Lock' | 'Timeout'): Promise<number | null> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = '${what}'`;
  return (await run(database, waiting)).rowCount;
}

/** Of a process that migrates, at the moment when its script waits. */
async function startMigrating(database: string, folder: string, waitsFor: 'Lock' | 'Timeout') {
  const child = await startKillable(CHILD, { DATABASE_URL: database, MIGRATIONS: folder });
  await vi.waitFor(async () => expect(await waitingFor(database, waitsFor)).toBe(1), 30_000);
  return child;
}

const historyOf = async (database: string) =>
  (
    await run(
      database,
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS "rolledBack"
       FROM _prisma_migrations ORDER BY started_at`,
    )
  ).rows;

describe('a process that is killed while it migrates', { timeout: 60_000 }, () => {
  test('and waits for a lock leaves nothing behind: the next one applies it', async ({ database, migrationsOf }) => {
    await migrate(database, await migrationsOf(first));
    const folder = await migrationsOf({ ...first, '2_wider': 'ALTER TABLE first ADD COLUMN more int;' });
    await using holder = await holding(database, 'SELECT FROM first');
    const child = await startMigrating(database, folder, 'Lock');
    await child.kill();
    await vi.waitFor(async () => expect(await waitingFor(database, 'Lock')).toBe(0), 10_000);
    await holder.release();
    expect(await migrate(database, folder)).toEqual({ applied: ['2_wider'] });
    expect(await historyOf(database)).toEqual([
      { name: '1_first', finished: true, rolledBack: false },
      { name: '2_wider', finished: false, rolledBack: true },
      { name: '2_wider', finished: true, rolledBack: false },
    ]);
  });

  test('in the middle of a script that PostgreSQL goes on with: the next one waits for it, and does nothing twice', async ({
    database,
    migrationsOf,
  }) => {
    const folder = await migrationsOf({ '1_slow': 'CREATE TABLE slow (id int); SELECT pg_sleep(3);' });
    const child = await startMigrating(database, folder, 'Timeout');
    await child.kill();
    expect(await migrate(database, folder)).toEqual({ applied: [] });
    expect(await historyOf(database)).toEqual([{ name: '1_slow', finished: true, rolledBack: false }]);
  });

  test('is told from one that is at it', async ({ database, migrationsOf }) => {
    const folder = await migrationsOf({ '1_slow': 'CREATE TABLE slow (id int); SELECT pg_sleep(600);' });
    const child = await startMigrating(database, folder, 'Timeout');
    const state = { known: 1, missing: ['1_slow'], refusal: null };
    expect(await lookAtMigrations(database, folder)).toEqual({ ...state, isUnderWay: true });
    await child.kill();
    const ofThis = `datname = current_database() AND wait_event_type = 'Timeout'`;
    await run(database, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofThis}`);
    await vi.waitFor(async () => {
      expect(await lookAtMigrations(database, folder)).toEqual({ ...state, isUnderWay: false });
    }, 10_000);
  });

  test('is told half-way where its script ends transactions itself', async ({ database, migrationsOf }) => {
    const folder = await migrationsOf({ '1_halves': 'CREATE TABLE half (id int); COMMIT; SELECT pg_sleep(2);' });
    const child = await startMigrating(database, folder, 'Timeout');
    const { refusal, isUnderWay } = await lookAtMigrations(database, folder);
    expect({ refusal, isUnderWay }).toEqual({ refusal: null, isUnderWay: true });
    await child.kill();
    await expect(migrate(database, folder)).rejects.toThrow('1_halves ended half-way');
  });
});

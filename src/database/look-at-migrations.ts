import type pg from 'pg';
import { SetupError } from '../setup-error.ts';
import { checkVersion, connect, ownMigrationsDir, readMigrations, tryLock } from './migrate.ts';
import { findMissing, type HistoryRow, readHistory } from './migration-history.ts';

/** How the database stands to the migrations of this version. */
export interface MigrationState {
  /** How many this version has. */
  readonly known: number;
  /** Names of those that the database lacks. */
  readonly missing: readonly string[];
  /** Why this version would refuse to start on it, as the line that it would say; null: it would not. */
  readonly refusal: string | null;
  /** Another process is at it. */
  readonly isUnderWay: boolean;
}

/**
 * Changes nothing.
 * @throws SetupError when the database cannot be reached, or is not PostgreSQL 15 to 18
 */
export async function lookAtMigrations(
  ownerConnectionString: string,
  migrationsDir: string = ownMigrationsDir,
): Promise<MigrationState> {
  const migrations = await readMigrations(migrationsDir);
  const client = await connect(ownerConnectionString, 'keyward doctor');
  try {
    await checkVersion(client);
    const { history, isUnderWay } = await look(client);
    const known = migrations.length;
    try {
      return { known, missing: findMissing(migrations, history), refusal: null, isUnderWay };
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      return { known, missing: [], refusal: error.message, isUnderWay };
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What is unfinished belongs to whoever has the lock: it is no part of the history yet. */
async function look(client: pg.Client): Promise<{ history: readonly HistoryRow[]; isUnderWay: boolean }> {
  const history = await readHistory(client);
  if (history.every(({ finished }) => finished)) return { history, isUnderWay: false };
  if (!(await tryLock(client))) return { history: history.filter(({ finished }) => finished), isUnderWay: true };
  const settled = await readHistory(client);
  await client.query('ROLLBACK');
  return { history: settled, isUnderWay: false };
}

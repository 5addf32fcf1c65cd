import { createHash } from 'node:crypto';
import type pg from 'pg';
import { SetupError } from '../setup-error.ts';
import type { MigrationFile } from './prisma-migration-engine.ts';
import { endsTransactions } from './run-migration-script.ts';

/** What Prisma wrote of a migration, of those that were not rolled back. */
export interface HistoryRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

export async function readHistory(client: pg.Client): Promise<HistoryRow[]> {
  const table = await client.query<{ present: boolean }>(
    // Not to_regclass: within a transaction it may not see a table that another process has just made.
    `/* migrate:hasHistory */ SELECT EXISTS (
       SELECT FROM pg_class WHERE relname = '_prisma_migrations' AND relnamespace = current_schema()::regnamespace
     ) AS present`,
  );
  if (table.rows[0]?.present !== true) return [];
  const { rows } = await client.query<HistoryRow>(
    `/* migrate:readHistory */ SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Prisma takes a script for unchanged when only its line ends differ. */
function hasChecksum(sql: string, checksum: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n');
  const variants = [sql, unix, unix.replaceAll('\n', '\r\n')];
  return variants.some((text) => createHash('sha256').update(text).digest('hex') === checksum);
}

/**
 * Names of the migrations that the database still lacks.
 * @throws SetupError when its history is not the beginning of ours
 */
export function findMissing(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): string[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration.sql]));
  for (const { name, checksum, finished } of history) {
    const sql = known.get(name);
    if (sql === undefined) {
      throw new SetupError(
        `The database has migration ${name} that this version of Keyward does not know: it was written by a newer version. Upgrade Keyward, or restore a backup from before that upgrade.`,
      );
    }
    if (!finished) {
      if (endsTransactions(sql)) throw endedHalfWay(name);
      continue; // rolled back with the process that ran it, or still under way
    }
    if (!hasChecksum(sql, checksum)) {
      throw new SetupError(
        `Migration ${name} is not the one that the database was built with (its checksum differs): restore the original file from the Keyward release.`,
      );
    }
  }
  const applied = new Set(history.filter(({ finished }) => finished).map(({ name }) => name));
  return migrations.map((migration) => migration.name).filter((name) => !applied.has(name));
}

export function endedHalfWay(name: string): SetupError {
  const setRolledBack = 'UPDATE _prisma_migrations SET rolled_back_at = now()';
  return new SetupError(
    `Migration ${name} ended half-way: undo what it left in the database, then run "${setRolledBack} WHERE migration_name = '${name}' AND finished_at IS NULL" there and start again.`,
  );
}

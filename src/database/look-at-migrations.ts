import { SetupError } from '../setup-error.ts';
import { checkVersion, connect, findMissing, ownMigrationsDir, readHistory, readMigrations } from './migrate.ts';

/** How the database stands to the migrations of this version. */
export interface MigrationState {
  /** How many this version has. */
  readonly known: number;
  /** Names of those that the database lacks. */
  readonly missing: readonly string[];
  /** Why this version would refuse to start on it, as the line that it would say; null: it would not. */
  readonly refusal: string | null;
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
    const history = await readHistory(client);
    const known = migrations.length;
    try {
      return { known, missing: findMissing(migrations, history), refusal: null };
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      return { known, missing: [], refusal: error.message };
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { SetupError } from '../setup-error.ts';
import { endedHalfWay, findMissing, type HistoryRow, readHistory } from './migration-history.ts';
import type { MigrationFile } from './prisma-migration-engine.ts';
import { endsTransactions, LOCK_PATIENCE, type LockPatience } from './run-migration-script.ts';

/** From src/ and from dist/ alike. */
export const ownMigrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

const oldestVersion = 15;
const newestVersion = 18;
const connectTimeoutMs = 10_000;
/** "keyward" as a number: the lock that migrating processes of one database take in turn. */
const advisoryLockKey = '30228209073615460';
const turnPauseMs = 100;

export async function readMigrations(migrationsDir: string): Promise<MigrationFile[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new SetupError(`Cannot read the migrations in ${migrationsDir}: install Keyward again.`, { cause });
  });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(join(migrationsDir, name, 'migration.sql'), 'utf8') })),
  );
}

/** Lets the next start try again where that is safe. */
async function reportFailure(
  client: pg.Client,
  migrations: readonly MigrationFile[],
  failure: Error,
): Promise<SetupError> {
  const failed = (await readHistory(client)).find((row) => !row.finished);
  if (failed === undefined) {
    return new SetupError(`The migrations could not be applied: ${failure.message}`, { cause: failure });
  }
  const { name } = failed;
  if (endsTransactions(migrations.find((migration) => migration.name === name)?.sql ?? '')) return endedHalfWay(name);
  await client.query(
    `/* migrate:markRolledBack */ UPDATE _prisma_migrations SET rolled_back_at = now(), logs = $2
     WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [name, failure.message],
  );
  await client.query('COMMIT');
  return new SetupError(
    `Migration ${name} failed and was rolled back: remove the cause and start again. The cause: ${failure.message}`,
    { cause: failure },
  );
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Names the place and the kind of the failure. Never the password: not even the address is repeated. */
function connectionFailure(client: pg.Client, cause: unknown): SetupError {
  const place = `PostgreSQL at ${client.host}:${client.port}`;
  const code = errorCode(cause);
  if (!(cause instanceof pg.DatabaseError)) {
    return new SetupError(`Cannot reach ${place} (${code ?? 'no answer'}): start it, or correct the database address.`);
  }
  if (code === '28P01' || code === '28000') {
    return new SetupError(
      `${place} refuses the user "${client.user ?? ''}" (${code}): correct the user or the password.`,
    );
  }
  if (code === '3D000') {
    return new SetupError(
      `${place} has no database "${client.database ?? ''}": create it, or correct the database address.`,
    );
  }
  return new SetupError(
    `${place} refuses the connection (${code ?? 'no code'}): ${cause.message.split('\n')[0] ?? ''}`,
  );
}

/** @throws SetupError that names the place and says what is wrong with it */
export async function connect(connectionString: string, applicationName = 'keyward migrate'): Promise<pg.Client> {
  let client: pg.Client;
  try {
    client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: applicationName,
    });
  } catch {
    throw new SetupError(
      'The database address is not a valid one: it has the form postgres://user:password@host:port/database.',
    );
  }
  client.on('error', () => undefined); // the statement under way fails with it
  try {
    await client.connect();
  } catch (cause) {
    throw connectionFailure(client, cause);
  }
  return client;
}

/** @throws SetupError unless the number (180004 is 18.4) is that of a PostgreSQL this version is tested with */
export function requireSupportedVersion(serverVersionNum: number): void {
  const major = Math.floor(serverVersionNum / 10_000);
  if (major >= oldestVersion && major <= newestVersion) return;
  throw new SetupError(
    `The database server is PostgreSQL ${major}: Keyward needs PostgreSQL ${oldestVersion} to ${newestVersion}.`,
  );
}

/** @throws SetupError unless this version is tested with the server's */
export async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  requireSupportedVersion(Number(rows[0]?.server_version_num));
}

/** Without the lock: an unfinished row may be another process at work, so only a complete history counts. */
function isUpToDate(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): boolean {
  return history.every((row) => row.finished) && findMissing(migrations, history).length === 0;
}

interface Blocker {
  readonly pid: number;
  readonly application: string;
  readonly role: string | null;
  /** Null where the owner may not see it. */
  readonly seconds: number | null;
}

/** Never what they run: it may hold anything. */
async function findBlockers(client: pg.Client, pid: number): Promise<string[]> {
  const { rows } = await client.query<Blocker>(
    `/* migrate:findBlockers */ SELECT pid, application_name AS application, usename AS role,
       extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
     FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY xact_start`,
    [pid],
  );
  return rows.map(({ pid: blocker, application, role, seconds }) => {
    const since = seconds === null ? '' : `, whose transaction is ${seconds} s old`;
    return `process ${blocker} ("${application}" as ${role ?? 'nobody'}${since})`;
  });
}

/**
 * In a transaction that stays open when it is taken. Asked again and again, in a new one each time: who waits for it has a
 * snapshot, and an index that is made concurrently waits for that.
 */
export async function tryLock(client: pg.Client): Promise<boolean> {
  await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
  const { rows } = await client.query<{ taken: boolean }>(
    '/* migrate:lock */ SELECT pg_try_advisory_xact_lock($1::bigint) AS taken',
    [advisoryLockKey],
  );
  const isTaken = rows[0]?.taken === true;
  if (!isTaken) await client.query('ROLLBACK');
  return isTaken;
}

/**
 * Of a process that was killed: PostgreSQL rolls back the script that it ran, or ends it, when it notices. The row is the
 * script's own until then (run-migration-script.ts), and this waits for it.
 */
async function endInterrupted(onlooker: pg.Client): Promise<void> {
  await onlooker.query(
    `/* migrate:endInterrupted */ UPDATE _prisma_migrations SET rolled_back_at = now(), logs = 'The process that ran it ended.'
     WHERE finished_at IS NULL AND rolled_back_at IS NULL`,
  );
}

async function findMissingInTurn(
  client: pg.Client,
  onlooker: pg.Client,
  migrations: readonly MigrationFile[],
): Promise<string[]> {
  while (!(await tryLock(client))) await wait(turnPauseMs);
  const history = await readHistory(client);
  const missing = findMissing(migrations, history);
  if (history.every(({ finished }) => finished)) return missing;
  await endInterrupted(onlooker);
  return findMissing(migrations, await readHistory(client));
}

interface Work {
  readonly ownerConnectionString: string;
  readonly migrationsDir: string;
  readonly migrations: readonly MigrationFile[];
  readonly patience: LockPatience;
}

/** @param onlooker not in the lock's transaction: who keeps a snapshot is waited for when an index is made concurrently */
async function applyMissing(client: pg.Client, onlooker: pg.Client, work: Work): Promise<string[]> {
  const { ownerConnectionString, migrationsDir, migrations, patience } = work;
  const missing = await findMissingInTurn(client, onlooker, migrations);
  if (missing.length === 0) return [];
  // Loaded only here: most starts find nothing to do, and the engine takes longer than everything before.
  const { applyWithPrismaEngine } = await import('./prisma-migration-engine.ts');
  const { applied, failure } = await applyWithPrismaEngine(ownerConnectionString, migrationsDir, migrations, {
    patience,
    findBlockers: (pid) => findBlockers(onlooker, pid),
  });
  if (failure !== null) throw await reportFailure(client, migrations, failure);
  return applied;
}

/**
 * Applies what is missing of the migrations, with Prisma's own engine, so that its command line sees the same history.
 * Each migration is one transaction, which gives way to whoever holds a table that it changes, and tries again for some
 * minutes. Processes that start at once take turns.
 * @throws SetupError when the database cannot be reached, is not PostgreSQL 15 to 18, has a migration that is unknown
 * here or differs from ours, or when a migration failed
 */
export async function migrate(
  ownerConnectionString: string,
  migrationsDir: string = ownMigrationsDir,
  patience: LockPatience = LOCK_PATIENCE,
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(migrationsDir);
  return withClient(ownerConnectionString, async (client) => {
    await checkVersion(client);
    if (isUpToDate(migrations, await readHistory(client))) return { applied: [] };
    const work = { ownerConnectionString, migrationsDir, migrations, patience };
    return withClient(ownerConnectionString, async (onlooker) => ({
      applied: await applyMissing(client, onlooker, work),
    }));
  });
}

/** Its end ends its transaction as well, and with it the lock. */
async function withClient<Result>(connectionString: string, work: (client: pg.Client) => Promise<Result>) {
  const client = await connect(connectionString);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

import type { Logger } from 'pino';
import { SignInLimit } from './authentication/sign-in-limit.ts';
import { SigningKeys } from './authentication/signing-keys.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { analyze } from './database/analyze.ts';
import { Database } from './database/database.ts';
import { findRunningPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts';
import { type JobQueue, migrateJobQueue, startJobQueue, type Task } from './database/job-queue.ts';
import { migrate } from './database/migrate.ts';
import { checkRuntimeRole, ensureRuntimeLogin } from './database/runtime-login.ts';
import { PLATFORM_SCOPE } from './database/scope.ts';
import { PLATFORM_ROOT_ID } from './ids.ts';
import { createOutboundFetch } from './outbound/outbound-fetch.ts';
import { LocalKeyEncryptionKey } from './secrets/key-encryption-key.ts';
import { KeyEncryptionKeys } from './secrets/key-encryption-keys.ts';
import { KeyRing } from './secrets/key-ring.ts';
import { readOrMakeLocalKey } from './secrets/local-key-file.ts';

const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 10_000;

/** A database that is there and migrated, and everything that works on it. */
export interface Installation extends AsyncDisposable {
  readonly services: Services;
  /** Works off the jobs of the database, with everybody else who does. */
  startJobs(tasks: Readonly<Record<string, Task>>): Promise<JobQueue>;
  /** Lets the planner know the tables at once, after many rows were added. */
  analyze(): Promise<void>;
}

interface OwnedDatabase extends AsyncDisposable {
  readonly ownerUrl: string;
}

/** Whether the caller is the server of its data directory, or a command that uses a running server's database. */
export type OpenMode = 'AS_SERVER' | 'BESIDE_A_SERVER';

/** @throws SetupError */
export async function openInstallation(config: Config, log: Logger, mode: OpenMode): Promise<Installation> {
  await using cleanup = new AsyncDisposableStack();
  const { ownerUrl } = cleanup.use(await openDatabaseServer(config, mode));
  await migrate(ownerUrl);
  await migrateJobQueue(ownerUrl, log);
  const keyRing = new KeyRing(await keyEncryptionKeysOf(config));
  const database = new Database({
    connectionString: await runtimeUrlOf(config, ownerUrl),
    poolSize: config.databasePoolSize,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    preparedStatements: config.preparedStatements,
    recoversFrom: (error) => keyRing.recoversFrom(error),
    log,
  });
  cleanup.defer(() => database.close());
  await checkRuntimeRole(database.pool);
  await database.withTransaction(PLATFORM_SCOPE, (tx) => keyRing.ensure(tx, PLATFORM_ROOT_ID, new Date()));
  const signingKeys = new SigningKeys(database);
  const signInLimit = new SignInLimit(database);
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: config.allowedPrivateHosts });
  const services = { database, keyRing, signingKeys, signInLimit, publicUrl: config.publicUrl, outboundFetch, log };
  const kept = cleanup.move();
  return {
    services,
    startJobs: (tasks) => startJobQueue(ownerUrl, tasks, log),
    analyze: () => analyze(ownerUrl),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Without a key an external database is served all the same, but for what needs the key. */
async function keyEncryptionKeysOf(config: Config): Promise<KeyEncryptionKeys> {
  const { previousKeyEncryptionKey: previous } = config;
  const isInDataDir = config.keyEncryptionKey === null && config.database.kind === 'EMBEDDED';
  const current = isInDataDir ? await readOrMakeLocalKey(config.dataDir) : config.keyEncryptionKey;
  return new KeyEncryptionKeys(
    current === null ? null : new LocalKeyEncryptionKey(current),
    previous === null ? null : new LocalKeyEncryptionKey(previous),
  );
}

async function openDatabaseServer(config: Config, mode: OpenMode): Promise<OwnedDatabase> {
  const nothingToStop = async () => undefined;
  if (config.database.kind === 'EXTERNAL') {
    return { ownerUrl: config.database.ownerUrl, [Symbol.asyncDispose]: nothingToStop };
  }
  const running = mode === 'BESIDE_A_SERVER' ? await findRunningPostgres(config.dataDir) : null;
  if (running !== null) return { ownerUrl: running, [Symbol.asyncDispose]: nothingToStop };
  const embedded = await startEmbeddedPostgres(config.dataDir);
  return { ownerUrl: embedded.connectionString, [Symbol.asyncDispose]: () => embedded.stop() };
}

async function runtimeUrlOf(config: Config, ownerUrl: string): Promise<string> {
  const given = config.database.kind === 'EXTERNAL' ? config.database.runtimeUrl : null;
  return given ?? ensureRuntimeLogin(ownerUrl);
}

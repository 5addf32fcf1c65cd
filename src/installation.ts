import type { Logger } from 'pino';
import { SignInLimit } from './authentication/sign-in-limit.ts';
import { SigningKeys } from './authentication/signing-keys.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { analyze } from './database/analyze.ts';
import { Database, type DatabaseOptions } from './database/database.ts';
import { findRunningPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts';
import {
  JOB_QUEUE_CONNECTIONS,
  type JobQueue,
  migrateJobQueue,
  startJobQueue,
  type Task,
} from './database/job-queue.ts';
import { type JobQueueState, JobQueueWatch } from './database/job-queue-state.ts';
import { migrate } from './database/migrate.ts';
import { checkRuntimeRole, ensureRuntimeLogin } from './database/runtime-login.ts';
import { PLATFORM_SCOPE } from './database/scope.ts';
import { PLATFORM_ROOT_ID } from './ids.ts';
import { createMailer } from './mail/mailer.ts';
import { createOutboundFetch } from './outbound/outbound-fetch.ts';
import { LocalKeyEncryptionKey } from './secrets/key-encryption-key.ts';
import { KeyEncryptionKeys } from './secrets/key-encryption-keys.ts';
import { KeyRing } from './secrets/key-ring.ts';
import { readOrMakeLocalKey } from './secrets/local-key-file.ts';
import type { Tracer } from './watching/span.ts';

/** A transaction may do something else between two statements for a while, such as to seal many strings. */
const REQUEST_LIMITS = {
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 10_000,
  silentServerMs: 20_000,
  silentProgramMs: 60_000,
};
const DECISION_LIMITS = { statementTimeoutMs: 1500, lockTimeoutMs: 0, silentServerMs: 1500, silentProgramMs: 1500 };
/** Decisions are made by the batch: more would wait for each other. */
const MOST_DECISION_CONNECTIONS = 4;
/**
 * What runs in the background never waits for a connection that a request has, which may wait for what it holds. Two operations,
 * two of the clock's jobs and the start of subscriptions may hold one for long; the others are for what takes moments: sealing,
 * webhooks, looks for work.
 */
const BACKGROUND_CONNECTIONS = 8;

/** A database that is there and migrated, and everything that works on it. */
export interface Installation extends AsyncDisposable {
  readonly services: Services;
  /** The same for what runs in the background, over connections of its own. */
  readonly background: Services;
  /** Works off the jobs of the database, with everybody else who does. */
  startJobs(tasks: Readonly<Record<string, Task>>): Promise<JobQueue>;
  /** How the queue of all processes does. @throws Error while the database is away */
  lookAtJobs(): Promise<JobQueueState>;
  /** Lets the planner know the tables at once, after many rows were added. */
  analyze(): Promise<void>;
}

interface OwnedDatabase extends AsyncDisposable {
  readonly ownerUrl: string;
}

/** How many a server may open: for requests, decisions, background work, the two runners of the job queue, and to watch it. */
export function connectionsOfProcess({ databasePoolSize }: Config): number {
  const decisions = Math.min(databasePoolSize, MOST_DECISION_CONNECTIONS);
  return databasePoolSize + decisions + BACKGROUND_CONNECTIONS + 2 * JOB_QUEUE_CONNECTIONS + 1;
}

/** Whether the caller is the server of its data directory, or a command that uses a running server's database. */
export type OpenMode = 'AS_SERVER' | 'BESIDE_A_SERVER';

/** @throws SetupError */
export async function openInstallation(
  config: Config,
  log: Logger,
  mode: OpenMode,
  tracer: Tracer | null = null,
): Promise<Installation> {
  await using cleanup = new AsyncDisposableStack();
  const { ownerUrl } = cleanup.use(await openDatabaseServer(config, mode));
  await migrate(ownerUrl);
  await migrateJobQueue(ownerUrl, log);
  const keyRing = new KeyRing(await keyEncryptionKeysOf(config));
  const connection = {
    connectionString: await runtimeUrlOf(config, ownerUrl),
    preparedStatements: config.preparedStatements,
    slowStatementMs: config.slowStatementMs,
    recoversFrom: (error: unknown) => keyRing.recoversFrom(error),
    log,
  };
  const open = (poolSize: number, limits: typeof REQUEST_LIMITS, more: Partial<DatabaseOptions> = {}) => {
    const database = new Database({ ...connection, ...limits, ...more, poolSize });
    cleanup.defer(() => database.close());
    return database;
  };
  const database = open(config.databasePoolSize, REQUEST_LIMITS);
  const jobDatabase = open(BACKGROUND_CONNECTIONS, REQUEST_LIMITS, { log: log.child({ background: true }) });
  const decisionDatabase = open(Math.min(config.databasePoolSize, MOST_DECISION_CONNECTIONS), DECISION_LIMITS);
  await checkRuntimeRole(database.pool);
  await database.withTransaction(PLATFORM_SCOPE, (tx) => keyRing.ensure(tx, PLATFORM_ROOT_ID, new Date()));
  const signingKeys = new SigningKeys(database);
  const signInLimit = new SignInLimit(database);
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: config.allowedPrivateHosts });
  const mailer = config.mail === null ? null : createMailer(config.mail);
  const { publicUrl, apiSessionSettings } = config;
  const services = {
    database,
    decisionDatabase,
    keyRing,
    signingKeys,
    signInLimit,
    apiSessionSettings,
    publicUrl,
    outboundFetch,
    mailer,
    log,
    tracer,
  };
  const jobQueueWatch = cleanup.use(new JobQueueWatch(ownerUrl, log));
  const kept = cleanup.move();
  return {
    services,
    background: { ...services, database: jobDatabase },
    startJobs: (tasks) => startJobQueue(ownerUrl, tasks, log),
    lookAtJobs: () => jobQueueWatch.look(),
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

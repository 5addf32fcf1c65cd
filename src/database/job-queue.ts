import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import type { Logger as Log } from 'pino';
import { SetupError } from '../setup-error.ts';
import { KEEP_ALIVE } from './database.ts';
import { reportLostConnections } from './lost-connections.ts';

/** Does the work that a job names. It throws nothing: what fails is tried again by whoever adds jobs. */
export type Task = (payload: unknown) => Promise<void>;

/** Jobs in the database: whichever process is free first does them. */
export interface JobQueue extends AsyncDisposable {
  /** @param key of jobs with the same key one is kept that nobody has begun. @throws Error while the database is away */
  add(task: string, payload: object, key: string): Promise<void>;
}

/** The queue frees a job of a killed process after hours, and nobody takes it up: what it was to do was put in line again long ago. */
const forgetKilled = `/* job_queue.forget_killed */ delete from graphile_worker._private_jobs
  where locked_at is null and attempts >= max_attempts and last_error is null`;

const JOBS_AT_ONCE = 2;
/** Of one queue; one of them listens. */
export const JOB_QUEUE_CONNECTIONS = 3;
/** What the queue asks takes moments: a server that is silent for longer is lost. */
const LONGEST_SILENCE_MS = 20_000;
/** After the database was lost, the queue begins anew. */
const RESTART_PAUSE_MS = 500;

/** The queue's own tables, beside the program's. @throws SetupError when a newer version has changed them beyond us */
export async function migrateJobQueue(ownerUrl: string, log: Log): Promise<void> {
  try {
    await runMigrations({ connectionString: ownerUrl, maxPoolSize: 1, logger: loggerOver(log) });
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.includes('includes breaking migration'))) throw cause;
    throw new SetupError(
      'The job queue in the database is of a newer version of Keyward: upgrade Keyward, or restore a backup from before that upgrade.',
      { cause },
    );
  }
}

/**
 * Begins to work off the queue, as the owner of its tables; disposing of it waits for the jobs under way. A runner gives
 * up when it cannot take up a job or say that one is done, as when the database goes away: then another one follows it.
 */
export async function startJobQueue(
  ownerUrl: string,
  tasks: Readonly<Record<string, Task>>,
  log: Log,
  longestSilenceMs = LONGEST_SILENCE_MS,
): Promise<JobQueue> {
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: JOB_QUEUE_CONNECTIONS,
    connectionTimeoutMillis: longestSilenceMs,
    query_timeout: longestSilenceMs,
    pipeline: true, // of which pg closes a connection that was given up; else it would be taken for a good one again
    ...KEEP_ALIVE,
    application_name: 'keyward jobs',
  });
  reportLostConnections(pool, log);
  pool.on('connect', (client) => client.on('error', () => undefined)); // the statement under way tells
  const stopping = new AbortController();
  await pool.query(forgetKilled);
  let runner = await startRunner(pool, tasks, log);
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await runner.promise.catch((error: unknown) => log.warn({ err: error }, 'the job queue lost the database'));
      runner = (await restart(() => startRunner(pool, tasks, log), stopping.signal, log)) ?? runner;
    }
  })();
  return {
    add: async (task, payload, jobKey) => {
      await runner.addJob(task, payload, { jobKey, maxAttempts: 1 });
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await runner.stop().catch(() => undefined); // it may have stopped by itself
      await ended;
      await runner.stop().catch(() => undefined); // it may have followed another one meanwhile
      await pool.end();
    },
  };
}

/** Tries until it succeeds. @returns null when it is to stop */
async function restart(start: () => Promise<Runner>, stopping: AbortSignal, log: Log): Promise<Runner | null> {
  while (!stopping.aborted) {
    await wait(RESTART_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) break;
    try {
      return await start();
    } catch (error) {
      log.warn({ err: error }, 'the job queue cannot reach the database');
    }
  }
  return null;
}

/** It looks its tasks up once and keeps the answer, a failure too: then it would never take up a job, and is stopped. */
async function startRunner(pool: pg.Pool, tasks: Readonly<Record<string, Task>>, log: Log): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter();
  const failed = once(events, 'worker:getJob:error');
  const runner = await run({
    // Unbatched, a job that cannot be told to be done would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    pgPool: pool,
    concurrency: JOBS_AT_ONCE,
    noHandleSignals: true,
    parsedCronItems: [],
    taskList: { ...tasks },
    logger: loggerOver(log),
    events,
  });
  void failed.then(async ([{ error }]) => {
    log.warn({ err: error }, 'the job queue cannot take up jobs');
    await wait(RESTART_PAUSE_MS); // by then the others that take up jobs have failed as well, which they cry out when stopped
    await runner.stop().catch(() => undefined); // it may have stopped by itself
  });
  return runner;
}

function loggerOver(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({ queue: message }, 'job queue');
    else if (level === 'warning') log.warn({ queue: message }, 'job queue');
    else log.debug({ queue: message }, 'job queue');
  });
}

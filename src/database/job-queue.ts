import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Logger as Log } from 'pino';

/** Does the work that a job names. It throws nothing: what fails is tried again by whoever adds jobs. */
export type Task = (payload: unknown) => Promise<void>;

/** Jobs in the database: whichever process is free first does them. */
export interface JobQueue extends AsyncDisposable {
  /** @param key of jobs with the same key one is kept that nobody has begun */
  add(task: string, payload: object, key: string): Promise<void>;
}

const JOBS_AT_ONCE = 2;
/** One of them listens. */
const CONNECTIONS = 3;

/** The queue's own tables, beside the program's. */
export async function migrateJobQueue(ownerUrl: string, log: Log): Promise<void> {
  await runMigrations({ connectionString: ownerUrl, maxPoolSize: 1, logger: loggerOver(log) });
}

/** Begins to work off the queue, as the owner of its tables; disposing of it waits for the jobs under way. */
export async function startJobQueue(
  ownerUrl: string,
  tasks: Readonly<Record<string, Task>>,
  log: Log,
): Promise<JobQueue> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: CONNECTIONS, application_name: 'keyward jobs' });
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection of the job queue lost'));
  pool.on('connect', (client) => client.on('error', () => undefined)); // the statement under way tells
  const runner = await run({
    pgPool: pool,
    concurrency: JOBS_AT_ONCE,
    noHandleSignals: true,
    parsedCronItems: [],
    taskList: { ...tasks },
    logger: loggerOver(log),
  });
  return {
    add: async (task, payload, jobKey) => {
      await runner.addJob(task, payload, { jobKey, maxAttempts: 1 });
    },
    [Symbol.asyncDispose]: async () => {
      await runner.stop();
      await pool.end();
    },
  };
}

function loggerOver(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({ queue: message }, 'job queue');
    else if (level === 'warning') log.warn({ queue: message }, 'job queue');
    else log.debug({ queue: message }, 'job queue');
  });
}

import pg from 'pg';
import type { Logger } from 'pino';
import { reportLostConnections } from './lost-connections.ts';

export interface JobQueueState {
  /** Those whose time has come, and that nobody has begun. */
  readonly waiting: number;
  readonly oldestSeconds: number;
  /** Those that gave up; not those whose process was killed, which others have done since. */
  readonly failed: number;
}

const LONGEST_MS = 5000;

/** Looks at the queue, as the owner of its tables; connected only while somebody asks now and then. */
export class JobQueueWatch implements AsyncDisposable {
  readonly #pool: pg.Pool;

  constructor(ownerUrl: string, log: Logger) {
    this.#pool = new pg.Pool({
      connectionString: ownerUrl,
      max: 1,
      connectionTimeoutMillis: LONGEST_MS,
      query_timeout: LONGEST_MS,
      application_name: 'keyward watch',
    });
    reportLostConnections(this.#pool, log);
  }

  /** @throws Error while the database is away */
  async look(): Promise<JobQueueState> {
    const { rows } = await this.#pool.query<JobQueueState>(
      `/* job_queue.look */ select (count(*) filter (where is_waiting))::int as waiting,
         coalesce(extract(epoch from now() - min(run_at) filter (where is_waiting)), 0)::float8 as "oldestSeconds",
         (count(*) filter (where has_failed))::int as failed
       from (
         select run_at, locked_at is null and attempts < max_attempts and run_at <= now() as is_waiting,
           locked_at is null and attempts >= max_attempts and last_error is not null as has_failed
         from graphile_worker.jobs) job`,
    );
    const [state] = rows;
    if (state === undefined) throw new Error('a count has a row');
    return state;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.end();
  }
}

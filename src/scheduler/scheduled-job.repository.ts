import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { JOB_INTERVAL_SECONDS } from './scheduled-job.ts';

const know = statement<never>(
  'scheduled_job.know',
  `insert into scheduled_job (name, queued_at) select name, '-infinity' from unnest($1::text[]) as given (name)
   on conflict do nothing`,
);

/** Those that nobody knew yet are due at once. */
export async function knowJobs(tx: Tx, names: readonly string[]): Promise<void> {
  await tx.count(know, [names]);
}

/**
 * By the clock of the database, which all processes share. A time that lies ahead was written before that clock was set
 * back; the second of tolerance is for rounding.
 */
const takeDue = statement<{ name: string }>(
  'scheduled_job.take_due',
  `update scheduled_job set queued_at = clock_timestamp()
   where name = any ($1::text[])
     and (queued_at <= clock_timestamp() - ${JOB_INTERVAL_SECONDS} * interval '1 second'
       or queued_at > clock_timestamp() + interval '1 second')
   returning name`,
);

/** The jobs whose time has come: whoever takes one is to put it in line, and nobody else takes it for a while. */
export async function takeDueJobs(tx: Tx, names: readonly string[]): Promise<string[]> {
  return (await tx.rows(takeDue, [names])).map(({ name }) => name);
}

const keepTaken = statement<never>(
  'scheduled_job.keep_taken',
  'update scheduled_job set queued_at = clock_timestamp() where name = any ($1::text[])',
);

/** While a job runs for long, it does not come due again. */
export async function keepJobsTaken(tx: Tx, names: readonly string[]): Promise<void> {
  await tx.count(keepTaken, [names]);
}

const noteSuccess = statement<never>(
  'scheduled_job.note_success',
  'update scheduled_job set succeeded_at = clock_timestamp() where name = $1',
);
const noteFailure = statement<never>(
  'scheduled_job.note_failure',
  'update scheduled_job set failed_at = clock_timestamp() where name = $1',
);

export async function noteEnd(tx: Tx, name: string, isSuccess: boolean): Promise<void> {
  await tx.count(isSuccess ? noteSuccess : noteFailure, [name]);
}

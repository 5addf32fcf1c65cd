import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { keepJobsTaken, knowJobs, noteEnd, takeDueJobs } from './scheduled-job.repository.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Names of jobs that are due: each is named to one process, once a minute. Beforehand, jobs must be known. */
export function takeJobs(services: Services, names: readonly string[]): Promise<string[]> {
  return services.database.withTransaction(PLATFORM_SCOPE, (tx) => takeDueJobs(tx, names));
}

/** Jobs become known to the database. */
export function knowScheduledJobs({ database }: Services, names: readonly string[]): Promise<void> {
  return database.withTransaction(PLATFORM_SCOPE, (tx) => knowJobs(tx, names));
}

/** Those that run here are not due elsewhere. */
export function keepTaken({ database }: Services, names: readonly string[]): Promise<void> {
  return database.withTransaction(PLATFORM_SCOPE, (tx) => keepJobsTaken(tx, names));
}

/** Runs a job and notes how it ended. It throws nothing: a job that failed comes again with the next minute. */
export async function runScheduledJob(services: Services, job: ScheduledJob<Services>, now: Date): Promise<void> {
  const { database, log } = services;
  let isSuccess = true;
  try {
    await job.run(services, now);
  } catch (error) {
    isSuccess = false;
    log.error({ err: error, job: job.name }, 'a scheduled job failed; it is tried again');
  }
  const note = database.withTransaction(PLATFORM_SCOPE, (tx) => noteEnd(tx, job.name, isSuccess));
  await note.catch((error: unknown) => log.error({ err: error, job: job.name }, 'the end of a job was not noted'));
}

/**
 * Work that the clock asks for again and again. `run` does what is due at `now` by the rows of the database, under their
 * locks, and keeps nothing in memory: it may be called late, twice, by two processes at once, or with an earlier `now`
 * than the last time, and what is done once stays done once.
 */
export interface ScheduledJob<Services> {
  /** Unique, in snake case; it is also the name of its row. */
  readonly name: string;
  run(services: Services, now: Date): Promise<unknown>;
}

/** How often each job is put in line. */
export const JOB_INTERVAL_SECONDS = 60;

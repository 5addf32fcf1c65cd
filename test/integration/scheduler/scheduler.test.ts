import { test as base, expect, vi } from 'vitest';
import type { Services } from '../../../src/context.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import { scheduledJobs } from '../../../src/scheduled-jobs.ts';
import type { ScheduledJob } from '../../../src/scheduler/scheduled-job.ts';
import { startScheduler } from '../../../src/scheduler/scheduler.worker.ts';
import { openTestInstallation, type TestInstallation } from '../../support/test-installation.ts';

const test = base.extend('keyward', async ({}, { onCleanup }) => {
  const keyward = await openTestInstallation();
  onCleanup(() => keyward[Symbol.asyncDispose]());
  return keyward;
});

const WAIT = { timeout: 15_000, interval: 25 };

/** One process of several. */
function schedule({ services, database }: TestInstallation, jobs: readonly ScheduledJob<Services>[]) {
  return startScheduler(services, (tasks) => startJobQueue(database.ownerUrl, tasks, services.log), jobs);
}

/** As if the clock of the database had been set by so much since. */
const shift = ({ database }: TestInstallation, seconds: number) =>
  database.query(`update scheduled_job set queued_at = queued_at - $1 * interval '1 second'`, [seconds]);

function counting(name: string) {
  const runs: Date[] = [];
  const job: ScheduledJob<Services> = { name, run: async (_, now) => void runs.push(now) };
  return { runs, job };
}

test('a job runs once a minute, however many processes there are, and however late', async ({ keyward }) => {
  const [one, other] = [counting('one'), counting('other')];
  await using cleanup = new AsyncDisposableStack();
  for (let process = 0; process < 3; process++) cleanup.use(await schedule(keyward, [one.job, other.job]));
  await vi.waitFor(() => expect([one.runs.length, other.runs.length]).toEqual([1, 1]), WAIT);
  for (let minute = 2; minute <= 4; minute++) {
    await shift(keyward, minute === 4 ? 3 * 3600 : 60); // nobody was there for three hours: that is one run
    await vi.waitFor(() => expect([one.runs.length, other.runs.length]).toEqual([minute, minute]), WAIT);
  }
  const [row] = await keyward.database.query<{ done: boolean }>(
    `select succeeded_at > now() - interval '1 minute' as done from scheduled_job where name = 'one'`,
  );
  expect(row).toEqual({ done: true });
});

test('a clock that is set back by a year holds nothing up', async ({ keyward }) => {
  const { runs, job } = counting('one');
  await using _ = await schedule(keyward, [job]);
  await vi.waitFor(() => expect(runs).toHaveLength(1), WAIT);
  await shift(keyward, -365 * 24 * 3600);
  await vi.waitFor(() => expect(runs).toHaveLength(2), WAIT);
});

test('a job that a process died with runs again in another, a minute later', async ({ keyward }) => {
  const { runs, job } = counting('one');
  {
    await using _ = await schedule(keyward, [job]);
    await vi.waitFor(() => expect(runs).toHaveLength(1), WAIT);
  }
  // As a dead one leaves it: taken from the queue, and never given back.
  await keyward.database.query(
    `select graphile_worker.add_job('scheduled_one', '{}', job_key := 'scheduled_one', max_attempts := 1)`,
  );
  await keyward.database.query(
    `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'dead', attempts = 1`,
  );
  await shift(keyward, 60);
  await using _ = await schedule(keyward, [job]);
  await vi.waitFor(() => expect(runs).toHaveLength(2), WAIT);
});

test('a job that runs for long is not begun a second time, and one that fails comes again', async ({ keyward }) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let begun = 0;
  const long: ScheduledJob<Services> = {
    name: 'long',
    run: async () => {
      begun++;
      await released;
    },
  };
  const attempts: Date[] = [];
  const failing: ScheduledJob<Services> = {
    name: 'failing',
    run: async (_, now) => {
      attempts.push(now);
      throw new Error('not now');
    },
  };
  await using _ = await schedule(keyward, [long, failing]);
  await vi.waitFor(() => expect([begun, attempts.length]).toEqual([1, 1]), WAIT);
  await shift(keyward, 60);
  await vi.waitFor(() => expect(attempts).toHaveLength(2), WAIT);
  expect(begun).toBe(1);
  expect(keyward.logLines.join('')).toContain('a scheduled job failed');
  const rows = await keyward.database.query<{ name: string }>(
    'select name from scheduled_job where failed_at is not null and succeeded_at is null',
  );
  expect(rows).toEqual([{ name: 'failing' }]);
  release();
});

test('every job of the program can run, twice at once, with nothing to do', async ({ keyward }) => {
  const names = scheduledJobs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { run, name } of scheduledJobs) {
    expect(name).toMatch(/^[a-z_]+$/);
    const now = new Date();
    await Promise.all([run(keyward.services, now), run(keyward.services, now)]);
    await run(keyward.services, new Date(now.getTime() - 3_600_000));
  }
});

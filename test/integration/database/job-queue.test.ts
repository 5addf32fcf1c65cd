import { expect, vi } from 'vitest';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import { JobQueueWatch } from '../../../src/database/job-queue-state.ts';
import { openFrailLink } from '../../support/frail-link.ts';
import { test } from '../../support/key-world.ts';

test('a queue whose first look at the database fails does its jobs once the database answers', async ({ keyward }) => {
  const { database, services } = keyward;
  const done: unknown[] = [];
  const warn = vi.spyOn(services.log, 'warn');
  await database.query('alter table graphile_worker._private_tasks rename to away');
  await using queue = await startJobQueue(
    database.ownerUrl,
    { greet: async (payload) => void done.push(payload) },
    services.log,
  );
  await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.anything(), 'the job queue cannot take up jobs'));
  await database.query('alter table graphile_worker.away rename to _private_tasks');
  await queue.add('greet', { name: 'all' }, 'greet');
  await vi.waitFor(() => expect(done).toEqual([{ name: 'all' }]), { timeout: 15_000 });
});

/** As a process leaves it that was killed with a job under way, once the queue has freed that. */
const ADD_KILLED = `select graphile_worker.add_job('greet', max_attempts => 1);
  update graphile_worker._private_jobs set attempts = 1`;

test('a job of a killed process counts as none that gave up, and is gone with the next start', async ({ keyward }) => {
  const { database, services } = keyward;
  await database.query(ADD_KILLED);
  await using watch = new JobQueueWatch(database.ownerUrl, services.log);
  expect(await watch.look()).toEqual({ waiting: 0, oldestSeconds: 0, failed: 0 });
  await using _ = await startJobQueue(database.ownerUrl, { greet: async () => undefined }, services.log);
  expect(await database.query('select from graphile_worker._private_jobs')).toEqual([]);
});

test('a queue whose database falls silent goes on over new connections', async ({ keyward }) => {
  const { database, services } = keyward;
  const done: unknown[] = [];
  const greet = async (payload: unknown) => void done.push(payload);
  const warn = vi.spyOn(services.log, 'warn');
  await using link = await openFrailLink(database.ownerUrl);
  await using queue = await startJobQueue(link.url, { greet }, services.log, 300);
  await queue.add('greet', { time: 1 }, 'first');
  await vi.waitFor(() => expect(done).toHaveLength(1), { timeout: 15_000 });
  link.setSilent(true);
  await database.query(`select graphile_worker.add_job('greet', '{ "time": 2 }')`);
  await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.anything(), 'the job queue cannot take up jobs'), {
    timeout: 15_000,
  });
  link.setSilent(false);
  await vi.waitFor(() => expect(done).toHaveLength(2), { timeout: 15_000 });
});

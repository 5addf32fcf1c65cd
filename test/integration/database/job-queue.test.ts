import { expect, vi } from 'vitest';
import { startJobQueue } from '../../../src/database/job-queue.ts';
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

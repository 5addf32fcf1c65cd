import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { commandInput, commands, readSlot, test } from '../support/key-world.ts';

const backend = { name: 'test.backend', text: 'select pg_backend_pid() as pid' };
const KILL = 'select pg_terminate_backend($1, 5000)';

describe('a connection that dies in the middle of a transaction', () => {
  test('has somebody who listens for it: nobody listening ends the process', async ({ keyward }) => {
    const { database } = keyward.services;
    const listeners: number[] = [];
    const onAcquire = (client: { listenerCount(event: string): number }) => {
      // Whoever took the connection does what it does next in the same turn.
      setImmediate(() => listeners.push(client.listenerCount('error')));
    };
    database.pool.on('acquire', onAcquire);
    await database.withTransaction(PLATFORM_SCOPE, (tx) => tx.rows(backend, []));
    database.pool.off('acquire', onAcquire);
    expect(listeners.length).toBeGreaterThan(0);
    expect(Math.min(...listeners)).toBeGreaterThan(0);
  });

  test('fails that transaction, changes nothing, and the next one has a new connection', async ({ keyward, world }) => {
    const { database } = keyward.services;
    const before = await readSlot(world);
    const work = database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      const [row] = await tx.rows<{ pid: number }>({ name: backend.name, text: backend.text }, []);
      await keyward.database.query(KILL, [row?.pid]);
      return tx.rows(backend, []);
    });
    await expect(work).rejects.toThrow();
    expect(await readSlot(world)).toEqual(before);
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
    expect((await readSlot(world)).version).toBe(before.version + 1);
  });
});

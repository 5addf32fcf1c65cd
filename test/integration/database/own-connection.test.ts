import { expect } from 'vitest';
import { withOwnConnection } from '../../../src/database/own-connection.ts';
import { test } from '../../support/key-world.ts';

test('a connection of its own that dies fails the statement under way, and does not end the process', async ({
  keyward: { database },
}) => {
  const unheard: unknown[] = [];
  const listen = (error: unknown) => unheard.push(error);
  process.on('uncaughtException', listen);
  const work = withOwnConnection(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    return client.query('select 1');
  });
  await expect(work).rejects.toThrow();
  process.off('uncaughtException', listen);
  expect(unheard).toEqual([]);
});

import { expect } from 'vitest';
import type { Tx } from '../../../src/database/database.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { statement } from '../../../src/database/statement.ts';
import { test } from '../../support/key-world.ts';

const rename = statement<never>('test.late_rename', `update organization set name = 'Renamed' where id = $1`);

test('what a transaction leaves under way does nothing in the one that has its connection next', async ({ world }) => {
  const { database } = world.keyward.services;
  const kept: Tx[] = [];
  const failed = database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    kept.push(tx);
    throw new Error('left');
  });
  await expect(failed).rejects.toThrow('left');
  await database.withTransaction(PLATFORM_SCOPE, async (tx) => void kept.push(tx));
  await database.readSnapshot(PLATFORM_SCOPE, async (tx) => void kept.push(tx));
  expect(kept).toHaveLength(3);
  for (const tx of kept) {
    await expect(tx.count(rename, [world.organization.organizationId])).rejects.toThrow('comes after the end');
  }
});

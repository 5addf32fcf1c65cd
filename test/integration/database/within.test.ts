import { describe, expect } from 'vitest';
import type { Tx } from '../../../src/database/database.ts';
import type { Scope } from '../../../src/database/scope.ts';
import { statement } from '../../../src/database/statement.ts';
import { inTransaction, test } from '../../support/one-connection.ts';

const list = statement<{ id: string }>('test.within_organizations', 'select id from organization order by id');
const count = statement<{ count: number }>('test.within_count', 'select count(*)::int as count from organization');
const rename = statement<never>('test.within_rename', `update organization set name = 'Renamed' where id = $1`);
const fail = statement<never>('test.within_fail', 'select 1 / 0');

async function idsOf(tx: Tx): Promise<string[]> {
  return (await tx.rows(list, [])).map(({ id }) => id);
}

describe('a part of a transaction with another scope', () => {
  test('sees what that one sees and nothing else, and the rest sees its own again', async ({ world }) => {
    const { database } = world.keyward.services;
    const scopes: Scope[] = [
      { level: 'PLATFORM' },
      world.providerAdmin.scope,
      world.orgAdmin.scope,
      world.foreignAdmin.scope,
      { level: 'DIRECTORY', key: 'nobody' },
    ];
    const alone = await Promise.all(scopes.map((scope) => database.read(scope, idsOf)));
    expect(new Set(alone.map(String)).size).toBe(scopes.length);
    for (const [outer, outerScope] of scopes.entries()) {
      for (const [inner, innerScope] of scopes.entries()) {
        const seen = await database.withTransaction(outerScope, async (tx) => {
          const before = await idsOf(tx);
          const within = await tx.within(innerScope, idsOf);
          return { before, within, after: await idsOf(tx) };
        });
        expect(seen).toEqual({ before: alone[outer], within: alone[inner], after: alone[outer] });
      }
    }
  });

  test('may hold another such part, and goes on with its own scope after it', async ({ world }) => {
    const { database } = world.keyward.services;
    const own = await database.read(world.foreignAdmin.scope, idsOf);
    const seen = await database.withTransaction(world.orgAdmin.scope, (tx) =>
      tx.within(world.foreignAdmin.scope, async (outer) => {
        const all = await outer.within({ level: 'PLATFORM' }, idsOf);
        return { all: all.length, after: await idsOf(outer) };
      }),
    );
    expect(seen.after).toEqual(own);
    expect(seen.all).toBeGreaterThan(own.length);
  });

  test('goes the way of the whole: a later failure takes back what it wrote', async ({ world }) => {
    const { database } = world.keyward.services;
    const { organizationId } = world.organization;
    const work = database.withTransaction(world.foreignAdmin.scope, async (tx) => {
      expect(await tx.within(world.providerAdmin.scope, (other) => other.count(rename, [organizationId]))).toBe(1);
      expect(await tx.count(rename, [organizationId])).toBe(0);
      throw new Error('as planned');
    });
    await expect(work).rejects.toThrow('as planned');
    expect(await world.keyward.database.query(`select id from organization where name = 'Renamed'`)).toEqual([]);
  });

  test('tells its own failure, whether the transaction can go on after it or not', async ({ world }) => {
    const { database } = world.keyward.services;
    const broken = database.withTransaction(world.foreignAdmin.scope, (tx) =>
      tx.within(world.providerAdmin.scope, (other) => other.count(fail, [])),
    );
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    const own = await database.withTransaction(world.foreignAdmin.scope, async (tx) => {
      const refused = tx.within({ level: 'PLATFORM' }, async () => {
        throw new Error('as planned');
      });
      await expect(refused).rejects.toThrow('as planned');
      return (await tx.row(count, [])).count;
    });
    expect(own).toBe(1);
  });

  test('leaves nothing on the connection', async ({ world }) => {
    const { database } = world.keyward.services;
    await database.withTransaction(world.providerAdmin.scope, (tx) => tx.within({ level: 'PLATFORM' }, idsOf));
    expect(await inTransaction(world, [], (query) => query('select id from organization'))).toEqual([]);
  });
});

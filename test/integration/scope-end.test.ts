import { describe, expect } from 'vitest';
import { setScopeStatements } from '../../src/database/scope.ts';
import { inTransaction, test } from '../support/one-connection.ts';
import { leftBehind, settingsOfPolicies } from '../support/policy-settings.ts';

describe('the audit trail', () => {
  test.for(["update audit_event set result = 'OK'", 'delete from audit_event', 'truncate audit_event'])(
    'cannot be rewritten by the program, whatever its scope: %s',
    async (sql, { world }) => {
      for (const scope of [{ level: 'PLATFORM' } as const, world.providerAdmin.scope, world.orgAdmin.scope]) {
        await expect(inTransaction(world, setScopeStatements(scope), (query) => query(sql))).rejects.toMatchObject({
          code: '42501',
        });
      }
    },
  );
});

describe('a connection that was used before', () => {
  test.for(['commit', 'rollback'])('keeps nothing of the scope after %s', async (end, { world }) => {
    const { database } = world.keyward.services;
    const work = database.withTransaction({ level: 'PLATFORM' }, async () => {
      if (end === 'rollback') throw new Error('as planned');
    });
    await work.catch(() => undefined);
    await database.withTransaction(world.providerAdmin.scope, async () => undefined);
    await database.withTransaction(world.orgAdmin.scope, async () => undefined);
    const settings = await settingsOfPolicies(world.keyward.database);
    expect(settings).toContain('keyward.provider_id');
    expect(await leftBehind(database.pool, 1, settings)).toEqual({ backends: 1, settings: [], rowsSeen: 0 });
  });

  test('shows a provider only its own, right after the platform saw everything on it', async ({ world }) => {
    const { database } = world.keyward.services;
    const find = { name: 'test.organizations', text: 'select id from organization' };
    const all = await database.read({ level: 'PLATFORM' }, (tx) => tx.rows(find, []));
    const own = await database.read(world.foreignAdmin.scope, (tx) => tx.rows(find, []));
    expect(own.length).toBe(1);
    expect(all.length).toBeGreaterThan(own.length);
  });
});

import { test as base, describe, expect } from 'vitest';
import { commandInput, commands, createKeyWorld, type KeyWorld } from '../support/key-world.ts';
import { createTestOrganization } from '../support/fixtures.ts';
import { disableByProvider } from '../support/key-states.ts';
import { type Scope, setScopeStatements } from '../../src/database/scope.ts';
import { openTestInstallation } from '../support/test-installation.ts';

/** Everything goes through one connection: what one transaction leaves on it, the next one would find. */
const test = base
  .extend('keyward', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ databasePoolSize: 1 });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', async ({ keyward }) => {
    const world = await createKeyWorld(keyward);
    await fillTables(world);
    return world;
  });

/** Every tenant of the world has a row in every table. */
async function fillTables(world: KeyWorld): Promise<void> {
  const { tenants, keyward } = world;
  await disableByProvider(world);
  for (const provider of [tenants.root, tenants.otherReseller, tenants.foreignRoot]) {
    const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, provider);
    await commands.DISABLE(world.as(world.platformSupport), commandInput(organization, { idempotencyKey: organization.organizationId }));
  }
  const people = [world.orgAdmin, world.providerAdmin, world.parentAdmin, world.siblingAdmin, world.foreignAdmin];
  for (const person of people) {
    await commands.ADD(world.as(person), commandInput(world.organization, { idempotencyKey: 'one' })).catch(() => undefined);
  }
}

/** Sees by whatever settings the transaction has. Nothing but row-level security stands between. */
async function inTransaction<Answer>(world: KeyWorld, begin: readonly string[], work: (query: Query) => Promise<Answer>): Promise<Answer> {
  const client = await world.keyward.services.database.pool.connect();
  try {
    for (const sql of ['begin', ...begin]) await client.query(sql);
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string) => Promise<Row[]>;

const PATH_TABLES = ['organization', 'subscription', 'api_key', 'disablement', 'staff_member', 'audit_event', 'idempotency_key'];

async function tenantTables(world: KeyWorld): Promise<string[]> {
  const rows = await world.keyward.database.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'root_provider_id'`,
  );
  return rows.map(({ name }) => name).sort();
}

function rowsOf(query: Query, table: string): Promise<Row[]> {
  const path = table === 'service_provider' ? 'path' : 'provider_path';
  const [organization, trail] = table === 'organization' ? ['id', path] : ['organization_id', path];
  const columns = PATH_TABLES.includes(table) ? `root_provider_id, ${organization} as organization, ${trail}::text[] as path` : '*';
  return query(`select ${columns} from ${table}`);
}

describe('without a scope', () => {
  test('no tenant table shows the program a row, though every one has some', async ({ world }) => {
    const tables = await tenantTables(world);
    expect(tables).toEqual([...PATH_TABLES, 'service_provider', 'data_key', 'directory_entry'].sort());
    for (const table of tables) {
      const [owner] = await world.keyward.database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
      const seen = await inTransaction(world, [], (query) => query(`select * from ${table}`));
      expect({ table, seen, isFilled: (owner?.count ?? 0) > 0 }).toEqual({ table, seen: [], isFilled: true });
    }
  });

  test.for(['', '0', 'off', 'true', 'ON '])('nor with the platform setting at %j', async (value, { world }) => {
    const seen = await inTransaction(world, [`set local keyward.platform = '${value}'`], (query) => query('select id from organization'));
    expect(seen).toEqual([]);
  });

  test('row-level security is enabled and forced on every tenant table, and on the program\'s role', async ({ world }) => {
    const loose = await world.keyward.database.query(
      `select relname from pg_class where relname = any ($1) and not (relrowsecurity and relforcerowsecurity)`,
      [await tenantTables(world)],
    );
    const [role] = await inTransaction(world, [], (query) =>
      query('select rolsuper, rolbypassrls, pg_has_role(current_user, relowner, $$usage$$) as owns from pg_roles, pg_class where rolname = current_user and relname = $$api_key$$'),
    );
    expect(loose).toEqual([]);
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, owns: false });
  });
});

describe('with the scope of a reseller', () => {
  test('nothing of its sibling, its parent or a foreign root is seen', async ({ world }) => {
    const { reseller } = world.tenants;
    const scope: Scope = { level: 'PROVIDER', rootProviderId: reseller.rootProviderId, providerId: reseller.serviceProviderId };
    for (const table of [...PATH_TABLES, 'service_provider']) {
      const rows = await inTransaction(world, setScopeStatements(scope), (query) => rowsOf(query, table));
      expect(rows.length, table).toBeGreaterThan(0);
      expect(rows.filter(({ path }) => !(path as string[]).includes(reseller.serviceProviderId)), table).toEqual([]);
    }
  });

  test('of data keys and the directory, what belongs to its root is seen and nothing else', async ({ world }) => {
    const { reseller } = world.tenants;
    const scope: Scope = { level: 'PROVIDER', rootProviderId: reseller.rootProviderId, providerId: reseller.serviceProviderId };
    for (const table of ['data_key', 'directory_entry']) {
      const rows = await inTransaction(world, setScopeStatements(scope), (query) => rowsOf(query, table));
      expect(rows.filter((row) => row['root_provider_id'] !== reseller.rootProviderId), table).toEqual([]);
    }
  });

  test('it cannot write a row of its sibling, its parent or a foreign root', async ({ world }) => {
    const { reseller, root, otherReseller, foreignRoot } = world.tenants;
    const scope: Scope = { level: 'PROVIDER', rootProviderId: reseller.rootProviderId, providerId: reseller.serviceProviderId };
    for (const { rootProviderId, serviceProviderId } of [root, otherReseller, foreignRoot]) {
      const path = [...new Set([rootProviderId, serviceProviderId])].join(',');
      const insert = `insert into audit_event (root_provider_id, id, at, action, actor_name, provider_path, result)
        values ('${rootProviderId}', gen_random_uuid(), now(), 'x', 'x', '{${path}}', 'OK')`;
      await expect(inTransaction(world, setScopeStatements(scope), (query) => query(insert))).rejects.toMatchObject({ code: '42501' });
      const steal = `update organization set name = name where provider_id = '${serviceProviderId}' returning id`;
      expect(await inTransaction(world, setScopeStatements(scope), (query) => query(steal))).toEqual([]);
    }
  });
});

describe('with the scope of an organization', () => {
  const scopeOf = (world: KeyWorld): Scope => world.orgAdmin.scope;

  test('only its own rows are seen, and of providers only its own', async ({ world }) => {
    const { organizationId } = world.organization;
    for (const table of PATH_TABLES) {
      const rows = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) => rowsOf(query, table));
      expect(rows.length, table).toBeGreaterThan(0);
      expect(rows.filter(({ organization }) => organization !== organizationId), table).toEqual([]);
    }
    const providers = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) => query('select id from service_provider'));
    expect(providers).toEqual([{ id: world.tenants.reseller.serviceProviderId }]);
  });

  test('the directory does not tell the login names of others', async ({ world }) => {
    const entries = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) => query('select target_id from directory_entry'));
    const own = [world.orgAdmin.id, world.orgViewer.id];
    expect(entries.filter(({ target_id }) => !own.some((id) => id === target_id))).toEqual([]);
  });
});

describe('the audit trail', () => {
  test.for(['update audit_event set result = \'OK\'', 'delete from audit_event', 'truncate audit_event'])(
    'cannot be rewritten by the program, whatever its scope: %s',
    async (sql, { world }) => {
      for (const scope of [{ level: 'PLATFORM' } as const, world.providerAdmin.scope, world.orgAdmin.scope]) {
        await expect(inTransaction(world, setScopeStatements(scope), (query) => query(sql))).rejects.toMatchObject({ code: '42501' });
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
    const settings = ['platform', 'root_provider_id', 'provider_id', 'organization_ids', 'staff_member_id', 'directory_key'];
    const columns = settings.map((name) => `coalesce(current_setting('keyward.${name}', true), '') as ${name}`);
    const [left] = await inTransaction(world, [], (query) => query(`select ${columns.join(', ')}`));
    expect(left).toEqual(Object.fromEntries(settings.map((name) => [name, ''])));
    expect(await inTransaction(world, [], (query) => query('select id from organization'))).toEqual([]);
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

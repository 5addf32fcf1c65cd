import { describe, expect } from 'vitest';
import { type Scope, setScopeStatements } from '../../src/database/scope.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { inTransaction, type Query, type Row, test } from '../support/one-connection.ts';

const PATH_TABLES = [
  'organization',
  'subscription',
  'api_key',
  'disablement',
  'staff_member',
  'audit_event',
  'idempotency_key',
];

async function tenantTables(world: KeyWorld): Promise<string[]> {
  const rows = await world.keyward.database.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'root_provider_id'`,
  );
  return rows.map(({ name }) => name).sort();
}

function rowsOf(query: Query, table: string): Promise<Row[]> {
  const path = table === 'service_provider' ? 'path' : 'provider_path';
  const [organization, trail] = table === 'organization' ? ['id', path] : ['organization_id', path];
  const columns = PATH_TABLES.includes(table)
    ? `root_provider_id, ${organization} as organization, ${trail}::text[] as path`
    : '*';
  return query(`select ${columns} from ${table}`);
}

describe('without a scope', () => {
  test('no tenant table shows the program a row, though every one has some', async ({ world }) => {
    const tables = await tenantTables(world);
    expect(tables).toEqual([...PATH_TABLES, 'service_provider', 'data_key', 'directory_entry'].sort());
    for (const table of tables) {
      const [owner] = await world.keyward.database.query<{ count: number }>(
        `select count(*)::int as count from ${table}`,
      );
      const seen = await inTransaction(world, [], (query) => query(`select * from ${table}`));
      expect({ table, seen, isFilled: (owner?.count ?? 0) > 0 }).toEqual({ table, seen: [], isFilled: true });
    }
  });

  test.for(['', '0', 'off', 'true', 'ON '])('nor with the platform setting at %j', async (value, { world }) => {
    const seen = await inTransaction(world, [`set local keyward.platform = '${value}'`], (query) =>
      query('select id from organization'),
    );
    expect(seen).toEqual([]);
  });

  test("row-level security is enabled and forced on every tenant table, and on the program's role", async ({
    world,
  }) => {
    const loose = await world.keyward.database.query(
      `select relname from pg_class where relname = any ($1) and not (relrowsecurity and relforcerowsecurity)`,
      [await tenantTables(world)],
    );
    const [role] = await inTransaction(world, [], (query) =>
      query(
        'select rolsuper, rolbypassrls, pg_has_role(current_user, relowner, $$usage$$) as owns from pg_roles, pg_class where rolname = current_user and relname = $$api_key$$',
      ),
    );
    expect(loose).toEqual([]);
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, owns: false });
  });
});

describe('with the scope of a reseller', () => {
  test('nothing of its sibling, its parent or a foreign root is seen', async ({ world }) => {
    const { reseller } = world.tenants;
    const scope: Scope = {
      level: 'PROVIDER',
      rootProviderId: reseller.rootProviderId,
      providerId: reseller.serviceProviderId,
    };
    for (const table of [...PATH_TABLES, 'service_provider']) {
      const rows = await inTransaction(world, setScopeStatements(scope), (query) => rowsOf(query, table));
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.filter(({ path }) => !(path as string[]).includes(reseller.serviceProviderId)),
        table,
      ).toEqual([]);
    }
  });

  test('of data keys and the directory, what belongs to its root is seen and nothing else', async ({ world }) => {
    const { reseller } = world.tenants;
    const scope: Scope = {
      level: 'PROVIDER',
      rootProviderId: reseller.rootProviderId,
      providerId: reseller.serviceProviderId,
    };
    for (const table of ['data_key', 'directory_entry']) {
      const rows = await inTransaction(world, setScopeStatements(scope), (query) => rowsOf(query, table));
      expect(
        rows.filter((row) => row['root_provider_id'] !== reseller.rootProviderId),
        table,
      ).toEqual([]);
    }
  });

  test('it cannot write a row of its sibling, its parent or a foreign root', async ({ world }) => {
    const { reseller, root, otherReseller, foreignRoot } = world.tenants;
    const scope: Scope = {
      level: 'PROVIDER',
      rootProviderId: reseller.rootProviderId,
      providerId: reseller.serviceProviderId,
    };
    for (const { rootProviderId, serviceProviderId } of [root, otherReseller, foreignRoot]) {
      const path = [...new Set([rootProviderId, serviceProviderId])].join(',');
      const insert = `insert into audit_event (root_provider_id, id, at, action, actor_name, provider_path, result)
        values ('${rootProviderId}', gen_random_uuid(), now(), 'x', 'x', '{${path}}', 'OK')`;
      await expect(inTransaction(world, setScopeStatements(scope), (query) => query(insert))).rejects.toMatchObject({
        code: '42501',
      });
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
      expect(
        rows.filter(({ organization }) => organization !== organizationId),
        table,
      ).toEqual([]);
    }
    const providers = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) =>
      query('select id from service_provider'),
    );
    expect(providers).toEqual([{ id: world.tenants.reseller.serviceProviderId }]);
  });

  test('the directory does not tell the login names of others', async ({ world }) => {
    const entries = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) =>
      query('select target_id from directory_entry'),
    );
    const own = [world.orgAdmin.id, world.orgViewer.id];
    expect(entries.filter(({ target_id }) => !own.some((id) => id === target_id))).toEqual([]);
  });
});

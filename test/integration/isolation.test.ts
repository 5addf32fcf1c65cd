import { describe, expect } from 'vitest';
import { type Scope, setScopeStatements } from '../../src/database/scope.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { inTransaction, type Query, type Row, test } from '../support/one-connection.ts';
import { tenantTables } from '../support/tenant-tables.ts';

/** Each row belongs to a place: a provider, or one organization of it. */
const PATH_TABLES = [
  'organization',
  'subscription',
  'subscription_notice',
  'api_key',
  'disablement',
  'staff_member',
  'staff_session',
  'service_account',
  'service_account_secret',
  'audit_event',
  'idempotency_key',
  ...['api_session', 'api_login', 'authorization_server'],
  ...['usage_counter', 'usage_hour', 'usage_day', 'usage_notice'],
  'bulk_operation',
  'bulk_item',
  'rotation_notice',
  'api_key_fetch',
];
/** Each row belongs to a provider; an organization's people see none of them. */
const PROVIDER_TABLES = [
  'custom_role',
  'trusted_issuer',
  'delegation',
  'organization_group',
  'organization_group_member',
  'import_row',
  ...['webhook_endpoint', 'webhook_delivery', 'webhook_lane', 'mail_recipient'],
  'rotation_policy',
];
/** The chain of a whole root: the platform's own work reads and writes it, and nobody else. */
const CHAIN_TABLES = ['audit_unsealed', 'audit_link', 'audit_chain'];
const ROOT_TABLES = ['data_key', 'directory_entry'];

function rowsOf(query: Query, table: string): Promise<Row[]> {
  const path = table === 'service_provider' ? 'path' : 'provider_path';
  const [organization, trail] = table === 'organization' ? ['id', path] : ['organization_id', path];
  const ofOrganization = PROVIDER_TABLES.includes(table) ? 'null' : organization;
  const columns = ROOT_TABLES.includes(table)
    ? '*'
    : `root_provider_id, ${table === 'service_provider' ? 'null' : ofOrganization} as organization, ${trail}::text[] as path`;
  return query(`select ${columns} from ${table}`);
}

describe('without a scope', () => {
  test('no tenant table shows the program a row, though every one has some', async ({ world }) => {
    const tables = await tenantTables(world.keyward.database);
    expect(tables).toEqual(
      [...PATH_TABLES, ...PROVIDER_TABLES, ...CHAIN_TABLES, ...ROOT_TABLES, 'service_provider'].sort(),
    );
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
      [await tenantTables(world.keyward.database)],
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
    for (const table of [...PATH_TABLES, ...PROVIDER_TABLES, 'service_provider']) {
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
    for (const table of ROOT_TABLES) {
      const rows = await inTransaction(world, setScopeStatements(scope), (query) => rowsOf(query, table));
      expect(
        rows.filter((row) => row['root_provider_id'] !== reseller.rootProviderId),
        table,
      ).toEqual([]);
    }
  });

  test('nothing of the chain over its trail is seen', async ({ world }) => {
    for (const table of CHAIN_TABLES) {
      const rows = await inTransaction(world, setScopeStatements(world.providerAdmin.scope), (query) =>
        query(`select * from ${table}`),
      );
      expect(rows, table).toEqual([]);
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

  test("nothing is seen of its provider's roles, issuers and delegations, nor of the chain", async ({ world }) => {
    for (const table of [...PROVIDER_TABLES, ...CHAIN_TABLES]) {
      const rows = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) =>
        query(`select * from ${table}`),
      );
      expect(rows, table).toEqual([]);
    }
  });

  test('the directory does not tell the login names of others', async ({ world }) => {
    const entries = await inTransaction(world, setScopeStatements(scopeOf(world)), (query) =>
      query('select target_id from directory_entry'),
    );
    const own = [world.orgAdmin.id, world.orgViewer.id];
    expect(entries.filter(({ target_id }) => !own.some((id) => id === target_id))).toEqual([]);
  });
});

describe('with the scope of a sign-in', () => {
  test('a person sees their own row and sessions, and nothing else that belongs to anybody', async ({ world }) => {
    const { member } = world.people.orgAdmin;
    const { rootProviderId, id } = member;
    const scope: Scope = { level: 'SIGN_IN', rootProviderId, signInId: id };
    const seen = async (table: string) =>
      inTransaction(world, setScopeStatements(scope), (query) => query(`select * from ${table}`));
    expect((await seen('staff_member')).map((row) => row['id'])).toEqual([id]);
    expect(new Set((await seen('staff_session')).map((row) => row['staff_member_id']))).toEqual(new Set([id]));
    const others = [...PATH_TABLES, ...PROVIDER_TABLES, ...CHAIN_TABLES, 'service_provider', 'directory_entry'];
    for (const table of others.filter((name) => name !== 'staff_member' && name !== 'staff_session')) {
      expect(await seen(table), table).toEqual([]);
    }
  });
});

describe('a delegation', () => {
  const ofForeignRoot = (world: KeyWorld) => setScopeStatements(world.foreignAdmin.scope);

  test('is seen by the provider it is granted to, and by nobody else outside the granting tree', async ({ world }) => {
    const granted = await inTransaction(world, ofForeignRoot(world), (query) =>
      query('select grantee_provider_id, root_provider_id from delegation'),
    );
    const { serviceProviderId } = world.tenants.foreignRoot;
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter((row) => row['grantee_provider_id'] !== serviceProviderId)).toEqual([]);
    expect(granted.some((row) => row['root_provider_id'] === world.tenants.root.rootProviderId)).toBe(true);
  });

  test('lets its grantee change nothing of what was granted', async ({ world }) => {
    for (const column of ['role', 'organization_ids', 'expires_at', 'provider_id', 'grantee_provider_id']) {
      const steal = `update delegation set ${column} = ${column}`;
      await expect(inTransaction(world, ofForeignRoot(world), (query) => query(steal))).rejects.toMatchObject({
        code: '42501',
      });
    }
    const remove = inTransaction(world, ofForeignRoot(world), (query) => query('delete from delegation'));
    await expect(remove).rejects.toMatchObject({ code: '42501' });
  });

  test('shows its grantee nothing of the tenant that granted it', async ({ world }) => {
    for (const table of PATH_TABLES) {
      const rows = await inTransaction(world, ofForeignRoot(world), (query) => rowsOf(query, table));
      const { rootProviderId } = world.tenants.foreignRoot;
      expect(
        rows.filter((row) => row['root_provider_id'] !== rootProviderId),
        table,
      ).toEqual([]);
    }
  });
});

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Config } from '../../../src/config.ts';
import { distribute } from '../../../src/database/distribution/distribute.ts';
import { SetupError } from '../../../src/setup-error.ts';
import {
  columnGrantsOf,
  columnsOf,
  enumsOf,
  furtherPoliciesOf,
  keysOf,
  tenantTables,
  unprotectedTablesOf,
} from '../../architecture/catalog.ts';
import { installCitus } from '../../support/citus-stand-in.ts';
import { contextOf } from '../../support/fixtures.ts';
import { commandInput, commands, createKeyWorld } from '../../support/key-world.ts';
import { startPgbouncer } from '../../support/pgbouncer.ts';
import { cloneTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { openInstallationOn, type TestInstallation } from '../../support/test-installation.ts';

async function said(database: TestDatabase, isDryRun = false): Promise<string[]> {
  const lines: string[] = [];
  await distribute(database.ownerUrl, { isDryRun, say: (line) => lines.push(line) });
  return lines;
}

async function openDatabase(): Promise<TestDatabase> {
  const database = await cloneTestDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  return database;
}

async function openCitus(): Promise<TestDatabase> {
  const database = await openDatabase();
  await installCitus(database);
  return database;
}

const placementOf = (database: TestDatabase) =>
  database.query<{ table: string; type: string }>(
    'select table_name::text as table, citus_table_type as type from citus_tables order by 1',
  );

/** Everything that must be the same before and after. */
async function shapeOf(database: TestDatabase) {
  const shape = [columnsOf, enumsOf, keysOf, furtherPoliciesOf, columnGrantsOf, unprotectedTablesOf];
  const ofTable = await Promise.all(shape.map((look) => look(database)));
  const isShard = (line: unknown) => /_1020\d\d/.test(JSON.stringify(line));
  return ofTable.map((lines) => [...lines].filter((line) => !isShard(line)));
}

async function rowsOf(database: TestDatabase): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const counts: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await database.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as digest from ${name} t`,
    );
    counts[name] = row?.digest ?? '';
  }
  return counts;
}

test('where there is no Citus it says what to do, and changes nothing', async () => {
  const database = await openDatabase();
  const before = await shapeOf(database);
  await expect(said(database)).rejects.toThrow(/does not have the extension Citus: install it.*Nothing was changed/);
  await expect(said(database, true)).rejects.toBeInstanceOf(SetupError);
  expect(await shapeOf(database)).toEqual(before);
});

test('a fleet is spread with every row, key, policy and grant, and works as before', async () => {
  const database = await openCitus();
  const keyEncryptionKey = randomBytes(32);
  const world = await withKeyward(database, { keyEncryptionKey }, (keyward) => createKeyWorld(keyward));
  const [shape, rows] = [await shapeOf(database), await rowsOf(database)];

  const lines = await said(database);
  expect(lines).toContain('organization: distributed by root_provider_id, beside service_provider');
  expect(lines).toContain('directory_entry: a reference table, with a copy on every machine');
  expect(lines).toContain('rate_limit: stays on this machine, it belongs to the platform itself');
  expect(lines.at(-1)).toBe('Everything is distributed.');
  expect(await shapeOf(database)).toEqual(shape);
  expect(await rowsOf(database)).toEqual(rows);
  const types = Map.groupBy(await placementOf(database), ({ type }) => type);
  expect(types.get('reference')).toEqual([{ table: 'directory_entry', type: 'reference' }]);
  expect(types.get('distributed')?.length).toBe(await countTenantTables(database));
  const [setting] = await database.query<{ value: string }>(`select unnest(setconfig) as value from pg_db_role_setting
    where setdatabase = (select oid from pg_database where datname = current_database())`);
  expect(setting?.value).toBe('citus.propagate_set_commands=local');

  await withKeyward(database, { keyEncryptionKey }, async ({ services }) => {
    const ctx = { ...world.as(world.providerAdmin), ...contextOf(services, world.providerAdmin) };
    const { organization } = world;
    await commands.REGENERATE(ctx, commandInput(organization));
    const reveal = commands.REVEAL(ctx, commandInput(organization));
    await expect(reveal).resolves.toBeDefined();
  });
});

test('a second run says that all is done, and does nothing', async () => {
  const database = await openCitus();
  await said(database);
  const placement = await placementOf(database);
  const lines = await said(database);
  expect(lines).toContain('api_key: already distributed by root_provider_id');
  expect(lines.at(-1)).toBe('Everything is distributed: there was nothing to do.');
  expect(await placementOf(database)).toEqual(placement);
});

test('a dry run says the SQL, and changes nothing', async () => {
  const database = await openCitus();
  const lines = await said(database, true);
  expect(lines).toContain("  select create_reference_table('directory_entry');");
  expect(lines).toContain(
    "  select create_distributed_table('api_key', 'root_provider_id', colocate_with => 'service_provider');",
  );
  expect(lines.at(-1)).toBe('A dry run: nothing was changed.');
  expect(await placementOf(database)).toEqual([]);
});

test('a run that failed half-way is taken up by the next one', async () => {
  const database = await openCitus();
  await database.query('create table citus_stand_in.api_key (in_the_way boolean)');
  await expect(said(database)).rejects.toThrow(/create_distributed_table\('api_key'.*run this again/);
  const half = await placementOf(database);
  expect(half.map(({ table }) => table)).toContain('organization');
  await database.query('drop table citus_stand_in.api_key');
  const lines = await said(database);
  expect(lines).toContain('organization: already distributed by root_provider_id');
  expect(lines).toContain('api_key: distributed by root_provider_id, beside service_provider');
  expect((await said(database)).at(-1)).toMatch(/nothing to do/);
});

test.for([
  [
    'a trigger',
    'create trigger late before update on organization for each row execute function suppress_redundant_updates_trigger()',
    /organization: Citus takes no triggers. Drop late/,
  ],
  [
    'what is unique over all tenants',
    'create unique index across on organization (external_id)',
    /organization: across is unique over all tenants/,
  ],
  [
    'a policy with a subquery',
    'create policy nested on api_key to keyward_runtime using (exists (select from service_provider p where p.id = organization_id))',
    /api_key: Citus takes no policy with a subquery. Drop nested/,
  ],
  [
    'a table of somebody else that refers to a tenant',
    `create table stray (id uuid primary key, root uuid, organization uuid,
       constraint elsewhere foreign key (root, organization) references organization (root_provider_id, id))`,
    /stray: its foreign key elsewhere does not stay within one tenant/,
  ],
  [
    'a table that is distributed otherwise',
    `insert into citus_stand_in.placement (table_name, citus_table_type, distribution_column, colocation_id)
     values ('audit_event', 'distributed', 'organization_id', 1)`,
    /audit_event: it is distributed by organization_id. Undo that/,
  ],
] as const)('%s stops it before anything is begun', async ([, breach, refusal]) => {
  const database = await openCitus();
  await database.query(breach);
  const before = await placementOf(database);
  await expect(said(database)).rejects.toThrow(refusal);
  expect(await placementOf(database)).toEqual(before);
});

test('what the stand-in for Citus refuses is what the plan refuses', async () => {
  const database = await openCitus();
  const distributes = (table: string) =>
    database.query(`select create_distributed_table('${table}', 'root_provider_id')`);
  await expect(distributes('organization')).rejects.toThrow(/referenced table "service_provider" must be/);
  await expect(distributes('directory_entry')).rejects.toThrow(/unique constraint on partitioned table/);
  await database.query(
    'create trigger late before update on audit_event for each row execute function suppress_redundant_updates_trigger()',
  );
  await expect(distributes('audit_event')).rejects.toThrow(/because it has triggers/);
});

test('while a server runs it is refused', async () => {
  const database = await openCitus();
  await withKeyward(database, {}, async () => {
    await expect(said(database)).rejects.toThrow(/stop them first\. .*Nothing was changed/);
  });
  expect(await placementOf(database)).toEqual([]);
});

test('while PgBouncer keeps connections of servers that are stopped, it is refused with what to do', async () => {
  const database = await openCitus();
  {
    await using pooler = await startPgbouncer(database.ownerUrl, 1);
    const server = new pg.Client({ connectionString: pooler.connectionString, application_name: 'keyward' });
    await server.connect();
    await server.query('select');
    await server.end();
    await expect(said(database)).rejects.toThrow(/these are idle ones of PgBouncer: stop that too/);
  }
  // PostgreSQL notices a moment after.
  await expect.poll(() => said(database).catch(() => []), { timeout: 10_000 }).toContain('Everything is distributed.');
});

test('a partitioned table is distributed with its partitions', async () => {
  const database = await openCitus();
  await database.query(`create table by_month (root_provider_id uuid not null, at timestamptz not null, primary key (root_provider_id, at))
      partition by range (at);
    create table by_month_2026_11 partition of by_month for values from ('2026-11-01') to ('2026-12-01')`);
  const lines = await said(database);
  expect(lines).toContain(
    'by_month: distributed by root_provider_id, beside service_provider, and so are its partitions',
  );
  const tables = (await placementOf(database)).map(({ table }) => table);
  expect(tables).toEqual(expect.arrayContaining(['by_month', 'by_month_2026_11']));
  expect((await said(database)).at(-1)).toMatch(/nothing to do/);
});

async function withKeyward<Result>(
  database: TestDatabase,
  more: Partial<Config>,
  work: (keyward: TestInstallation) => Promise<Result>,
): Promise<Result> {
  await using keyward = await openInstallationOn(database, more);
  return await work(keyward);
}

async function countTenantTables(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::int as count from (${tenantTables}) t join pg_class c on c.oid = t.oid
     where not c.relispartition and c.relname <> 'directory_entry'`,
  );
  return row?.count ?? 0;
}

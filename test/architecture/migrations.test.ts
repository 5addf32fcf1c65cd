import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ownMigrationsDir, readMigrations } from '../../src/database/migrate.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import {
  badPoliciesOf,
  columnGrantsOf,
  columnsOf,
  enumsOf,
  excessPowersOf,
  excessPrivilegesOf,
  furtherPoliciesOf,
  indexesOf,
  keysAcrossTenantsOf,
  keysOf,
  platformTablesOf,
  strangersOf,
  tablesOf,
  tablesWithoutPrimaryKeyOf,
  triggersOf,
  uniqueAcrossTenantsOf,
  unprotectedTablesOf,
  waysRoundOf,
} from './catalog.ts';
import { breachesOf } from './migration-rules.ts';
import { partitionedTwin } from './partitioned-twin.ts';

/** The only table whose key spans root providers: look-ups that start without a tenant. */
const directory = 'directory_entry';
/** What belongs to the platform itself; every other table is a tenant's. */
const platformTables = ['data_key_rotation', 'rate_limit', 'scheduled_job', 'signing_key'];

/** Whoever signs in, is issued, is granted or looks up; what writes for its root alone; and what is the platform's own work. */
const furtherPolicies = [
  'audit_unsealed: own_root, permissive insert',
  'data_key: changed_by_the_platform, restrictive update',
  'data_key: deleted_by_the_platform, restrictive delete',
  'delegation: granted_select, permissive select',
  'delegation: granted_update, permissive update',
  'directory_entry: looked_up, permissive select',
  'directory_entry: own_root, permissive insert',
  'directory_entry: taken_out, permissive delete',
  'service_account: sign_in, permissive select',
  'service_account_secret: sign_in, permissive select',
  'service_provider: of_organizations, permissive select',
  'staff_member: issued, permissive select',
  'staff_member: sign_in, permissive select',
  'staff_session: sign_in, permissive select',
  'trusted_issuer: sign_in, permissive select',
];
const columnGrants = [
  'delegation: grantee_provider_name, accepted_at, accepted_by_id, accepted_by_name, ended_at, ended_by_id, ended_by_name',
  'signing_key: key_encryption_key_id, wrapped_private_key',
  'usage_notice: told_at',
];

/** A database with the tables of schema.prisma, as Prisma would make them. */
async function databaseOfPrismaSchema(): Promise<TestDatabase> {
  const database = await cloneTestDatabase();
  const program = new URL('prisma-schema-sql.ts', import.meta.url).pathname;
  const env = { ...process.env, DATABASE_URL: database.ownerUrl };
  const { stdout: sql } = await promisify(execFile)(process.execPath, [program], { env });
  await database.query('drop schema public cascade');
  await database.query('create schema public');
  await database.query(sql);
  return database;
}

/** A migrated database that nothing here changes. */
const migrated = await cloneTestDatabase();
afterAll(() => migrated[Symbol.asyncDispose]());

test('the migrations make what schema.prisma says, and may be stricter', async () => {
  await using designed = await databaseOfPrismaSchema();
  expect(await tablesOf(migrated)).toEqual(await tablesOf(designed));
  expect(await enumsOf(migrated)).toEqual(await enumsOf(designed));
  const [columns, designedColumns] = [await columnsOf(migrated), await columnsOf(designed)];
  expect(columns.map(({ line }) => line)).toEqual(designedColumns.map(({ line }) => line));
  const nullable = new Set(columns.filter(({ notNull }) => !notNull).map(({ line }) => line));
  expect(designedColumns.filter(({ line, notNull }) => notNull && nullable.has(line))).toEqual([]);
  expect(await keysOf(migrated)).toEqual(await keysOf(designed));
  const indexes = await indexesOf(migrated);
  expect((await indexesOf(designed)).filter((index) => !indexes.includes(index))).toEqual([]);
});

interface Lint {
  readonly promise: string;
  readonly find: (database: TestDatabase) => Promise<string[]>;
  readonly allowed?: string[];
  /** What breaks the promise, and what is then found. */
  readonly breach: string;
  readonly finds: string;
}

const lints: Lint[] = [
  {
    promise: 'every table but those of the platform itself belongs to a tenant',
    find: platformTablesOf,
    allowed: platformTables,
    breach: 'create table stray (id uuid primary key)',
    finds: 'stray',
  },
  {
    promise: 'row-level security holds on every tenant table',
    find: unprotectedTablesOf,
    breach: 'drop policy in_sight on api_key',
    finds: 'api_key: no policy for keyward_runtime has both USING and WITH CHECK',
  },
  {
    promise: 'row-level security binds the owner too',
    find: unprotectedTablesOf,
    breach: 'alter table data_key no force row level security',
    finds: 'data_key: row-level security is not forced on the owner',
  },
  {
    promise: 'policies ask for the scope, have no subquery, and let nobody in but the runtime role',
    find: badPoliciesOf,
    breach: 'create policy open on subscription to keyward_runtime using (true) with check (true)',
    finds: 'subscription: open',
  },
  {
    promise: 'the tenant comes first in every primary key and unique index',
    find: uniqueAcrossTenantsOf,
    allowed: [`${directory}: directory_entry_pkey`],
    breach: 'create unique index across on organization (external_id, root_provider_id)',
    finds: 'organization: across',
  },
  {
    promise: 'no foreign key ties a row to another tenant',
    find: keysAcrossTenantsOf,
    breach: `create unique index only_id on staff_member (root_provider_id, id, provider_id);
      create table stray (root_provider_id uuid, id uuid, of_root uuid, of_id uuid, primary key (root_provider_id, id),
        constraint elsewhere foreign key (of_root, of_id) references staff_member (root_provider_id, id))`,
    finds: 'stray: elsewhere',
  },
  {
    promise: 'beside the one rule of its table, a policy is one of these',
    find: furtherPoliciesOf,
    allowed: furtherPolicies,
    breach: `create policy again on api_key for select to keyward_runtime
      using (current_setting('keyward.provider_id', true) <> '')`,
    finds: 'api_key: again, permissive select',
  },
  {
    promise: 'there is no way round row-level security: no view, function or rule',
    find: waysRoundOf,
    breach: 'create view every_key as select * from api_key',
    finds: 'view every_key',
  },
  {
    promise: 'there is no way round row-level security by a function of its owner',
    find: waysRoundOf,
    breach: `create schema elsewhere; create function elsewhere.keys() returns setof api_key security definer
      language sql as 'select * from public.api_key'`,
    finds: 'function keys',
  },
  {
    promise: 'nobody but the owner and the runtime role may touch a table',
    find: strangersOf,
    breach: 'grant select (name) on organization to public',
    finds: 'organization: PUBLIC',
  },
  {
    promise: 'what may be changed in part is these columns',
    find: columnGrantsOf,
    allowed: columnGrants,
    breach: 'grant update (result) on audit_event to keyward_runtime',
    finds: 'audit_event: result',
  },
  {
    promise: 'every table has a primary key',
    find: tablesWithoutPrimaryKeyOf,
    breach: 'alter table idempotency_key drop constraint idempotency_key_pkey',
    finds: 'idempotency_key',
  },
  {
    promise: 'the runtime role owns nothing and cannot bypass row-level security',
    find: excessPowersOf,
    breach: 'alter table signing_key owner to keyward_runtime',
    finds: 'owns something',
  },
  {
    promise: 'the audit trail is append-only for the runtime role',
    find: excessPrivilegesOf,
    breach: 'grant update (result) on audit_event to keyward_runtime',
    finds: 'audit_event: update',
  },
  {
    promise: 'nothing happens by trigger',
    find: triggersOf,
    breach: `create trigger late before update on organization
      for each row execute function suppress_redundant_updates_trigger()`,
    finds: 'organization: late',
  },
];

test.for(lints)('$promise', async ({ find, allowed = [], breach, finds }) => {
  expect(await find(migrated)).toEqual(allowed);
  await using broken = await cloneTestDatabase();
  await broken.query(breach);
  expect(await find(broken)).toEqual([...allowed, finds].sort());
});

describe('with the tenant tables partitioned by the hash of the tenant', () => {
  test('PostgreSQL takes every key, check and unique index', async () => {
    await using database = await cloneTestDatabase();
    await database.query((await partitionedTwin(database, directory)).join(';\n'));
    expect(await database.query(`select from pg_class where relkind = 'p'`)).not.toHaveLength(0);
  });

  test('PostgreSQL refuses what spans tenants', async () => {
    await using database = await cloneTestDatabase();
    await database.query('create unique index across on organization (external_id)');
    const twin = await partitionedTwin(database, directory);
    await expect(database.query(twin.join(';\n'))).rejects.toThrow(/unique constraint on partitioned table/);
  });
});

/** What comes after it is applied beside running servers of the version before. */
const FIRST_RELEASE = '20261121000011_fetched_keys';

describe('after the first release', () => {
  test('no migration makes others wait for long, or takes away what the version before it uses', async () => {
    expect(await breachesOf(await readMigrations(ownMigrationsDir), FIRST_RELEASE)).toEqual([]);
  });

  const released = {
    name: '1',
    sql: 'create table organization (id uuid primary key, name text); create table other (id int)',
  };
  const found = (sql: string) => breachesOf([released, { name: '2', sql }], '1');

  test.for([
    'create index found on organization (name)',
    'alter table organization add constraint short check (length(name) < 9)',
    'alter table organization add constraint once unique (name)',
    'alter table organization add constraint c check (name is not null) not valid, validate constraint c',
    'alter table organization alter column name type varchar(9)',
    'alter table organization alter column name set not null',
    'alter table organization drop column name',
    'alter table organization rename column name to title',
    'alter table organization add column number int not null',
    'alter table organization add column mark uuid default gen_random_uuid()',
    'alter table organization add column twice text generated always as (name || name) stored',
    'alter table organization add column parent uuid references organization (id)',
    "update organization set name = ''",
    'lock table organization',
    'drop table organization',
    'alter table organization add column number int; alter table other add column number int',
    'create index concurrently found on organization (name); select 1',
  ])('found: %s', async (sql) => {
    expect(await found(sql)).toHaveLength(1);
  });

  test.for([
    'create table fresh (id int, of uuid references organization (id)); create index on fresh (of); update fresh set id = 1',
    "alter table organization add column number int, add column kind text not null default 'A', add column at timestamptz default now()",
    'alter table organization add constraint short check (length(name) < 9) not valid',
    'alter table organization validate constraint short',
    'create index concurrently found on organization (name)',
    'drop index concurrently found',
    "create function f() returns int language sql as 'select 1; select 2'; grant select on organization to keyward_runtime",
  ])('allowed: %s', async (sql) => {
    expect(await found(sql)).toEqual([]);
  });
});

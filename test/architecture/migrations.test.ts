import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import {
  badPoliciesOf,
  columnsOf,
  enumsOf,
  excessPowersOf,
  excessPrivilegesOf,
  indexesOf,
  keysOf,
  platformTablesOf,
  tablesOf,
  tablesWithoutPrimaryKeyOf,
  triggersOf,
  uniqueAcrossTenantsOf,
  unprotectedTablesOf,
} from './catalog.ts';
import { partitionedTwin } from './partitioned-twin.ts';
import { sqlOfPrismaSchema } from './prisma-schema-sql.ts';

/** The only table whose key spans root providers: look-ups that start without a tenant. */
const directory = 'directory_entry';
/** What belongs to the platform itself; every other table is a tenant's. */
const platformTables = ['data_key_rotation', 'rate_limit', 'signing_key'];

/** A database with the tables of schema.prisma, as Prisma would make them. */
async function databaseOfPrismaSchema(): Promise<TestDatabase> {
  const database = await cloneTestDatabase();
  const sql = await sqlOfPrismaSchema(await readFile('prisma/schema.prisma', 'utf8'), database.ownerUrl);
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

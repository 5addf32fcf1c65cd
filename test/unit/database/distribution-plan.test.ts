import { describe, expect, test } from 'vitest';
import {
  type Catalog,
  type CatalogTable,
  planDistribution,
} from '../../../src/database/distribution/distribution-plan.ts';

const tenantTable: CatalogTable = {
  name: 'organization',
  placement: 'LOCAL',
  distributedBy: null,
  colocation: null,
  hasTenantColumn: true,
  isKeyedByTenant: true,
  isPartitioned: false,
  uniqueAcrossTenants: [],
  references: [],
  triggers: [],
  policiesWithSubquery: [],
  hasRowSecurity: true,
  isForcedOnOwner: true,
  hasLeftovers: false,
};
const distributed = { placement: 'DISTRIBUTED', distributedBy: 'root_provider_id', colocation: 1 } as const;
const to = (table: string, isWithinTenant = true) => ({ name: `to_${table}`, table, isWithinTenant });

const provider = { ...tenantTable, name: 'service_provider', references: [to('service_provider')] };
const organization = { ...tenantTable, references: [to('service_provider')] };
const apiKey = { ...tenantTable, name: 'api_key', references: [to('organization')] };
const directory = { ...tenantTable, name: 'directory_entry', isKeyedByTenant: false };
const rateLimit = {
  ...tenantTable,
  name: 'rate_limit',
  hasTenantColumn: false,
  isKeyedByTenant: false,
  hasRowSecurity: false,
};

function plan(tables: readonly CatalogTable[], more: Partial<Catalog> = {}) {
  const catalog = { database: 'keyward', propagatesScope: true, isBoundByRowSecurity: false, ...more };
  return planDistribution({ ...catalog, tables });
}

const sqlOf = (tables: readonly CatalogTable[], more: Partial<Catalog> = {}) =>
  plan(tables, more).steps.flatMap(({ sql }) => sql);

describe('order and place', () => {
  test('the directory is copied first; then what is referred to comes before what refers to it; the platform stays', () => {
    const { steps, settled, refusals } = plan([apiKey, rateLimit, organization, directory, provider]);
    expect(refusals).toEqual([]);
    expect(steps.map(({ says }) => says)).toEqual([
      'directory_entry: a reference table, with a copy on every machine',
      'service_provider: distributed by root_provider_id',
      'organization: distributed by root_provider_id, beside service_provider',
      'api_key: distributed by root_provider_id, beside service_provider',
      'the rows that 4 tables had here before are gone from here',
    ]);
    expect(settled).toEqual(['rate_limit: stays on this machine, it belongs to the platform itself']);
  });

  test('the order of the catalog does not matter', () => {
    const tables = [apiKey, organization, provider, directory];
    expect(sqlOf(tables)).toEqual(sqlOf([...tables].reverse()));
  });

  test('what a tenant refers to and belongs to no tenant is copied', () => {
    const plans = { ...rateLimit, name: 'plan' };
    const subscription = { ...tenantTable, name: 'subscription', references: [to('plan', false)] };
    expect(sqlOf([plans, subscription])[0]).toBe("select create_reference_table('plan')");
  });

  test('what comes later lies beside what is there', () => {
    expect(sqlOf([{ ...provider, ...distributed }, organization])).toContain(
      "select create_distributed_table('organization', 'root_provider_id', colocate_with => 'service_provider')",
    );
  });
});

describe('what is done', () => {
  test('everything there: nothing to do', () => {
    const { steps, settled } = plan([
      { ...provider, ...distributed },
      { ...directory, placement: 'REFERENCE' },
      rateLimit,
    ]);
    expect(steps).toEqual([]);
    expect(settled).toHaveLength(3);
  });

  test('the scope is made to reach the workers, once', () => {
    expect(sqlOf([], { propagatesScope: false, database: 'a "b"' })).toEqual([
      `alter database "a ""b""" set citus.propagate_set_commands = 'local'`,
    ]);
  });

  test('an owner whom row-level security binds is free of it while rows are moved, and no longer', () => {
    const [free, create, bind] = sqlOf([organization], { isBoundByRowSecurity: true });
    expect(free).toBe('alter table organization no force row level security');
    expect(create).toContain('create_distributed_table');
    expect(bind).toBe('alter table organization force row level security');
    expect(sqlOf([organization]).join()).not.toContain('row level security');
  });

  test('a run that ended with the owner free is put right by the next, wherever it ended', () => {
    const before = { ...organization, isForcedOnOwner: false };
    const force = 'alter table organization force row level security';
    expect(sqlOf([before], { isBoundByRowSecurity: true }).filter((sql) => sql.startsWith('alter'))).toEqual([force]);
    expect(sqlOf([{ ...before, ...distributed }])).toEqual([force]);
  });

  test('rows that are left here by a run that was interrupted are taken away', () => {
    expect(sqlOf([{ ...organization, ...distributed, hasLeftovers: true }])).toEqual([
      "select truncate_local_data_after_distributing_table('organization')",
    ]);
  });
});

describe('what Citus refuses', () => {
  const refusals: readonly (readonly [string, readonly CatalogTable[], RegExp])[] = [
    [
      'a trigger',
      [{ ...organization, references: [], triggers: ['late'] }],
      /organization: Citus takes no triggers. Drop late/,
    ],
    ['a trigger on the directory', [{ ...directory, triggers: ['late'] }], /directory_entry: Citus takes no triggers/],
    [
      'a subquery in a policy',
      [{ ...apiKey, references: [], policiesWithSubquery: ['open'] }],
      /api_key: .* Drop open/,
    ],
    [
      'what is unique over all',
      [{ ...provider, uniqueAcrossTenants: ['across'] }],
      /service_provider: across is unique over all/,
    ],
    [
      'a key across tenants',
      [provider, { ...organization, references: [to('service_provider', false)] }],
      /organization: its foreign key/,
    ],
    [
      'a key from the platform',
      [provider, { ...rateLimit, references: [to('service_provider')] }],
      /rate_limit: its foreign key/,
    ],
    [
      'a key from the directory',
      [provider, { ...directory, references: [to('service_provider')] }],
      /directory_entry: its foreign/,
    ],
    [
      'another column',
      [{ ...provider, ...distributed, distributedBy: 'id' }],
      /distributed by id. Undo that: SELECT undistribute_table/,
    ],
    ['another kind', [{ ...provider, placement: 'REFERENCE' }], /service_provider: it is a reference table. Undo that/],
    [
      'another group',
      [
        { ...provider, ...distributed },
        { ...apiKey, ...distributed, references: [], colocation: 2 },
      ],
      /does not lie beside/,
    ],
    ['a circle', [{ ...provider, references: [to('organization')] }, organization], /in a circle/],
  ];

  test.for(refusals)('%s', ([, tables, refusal]) => {
    expect(plan(tables).refusals).toEqual([expect.stringMatching(refusal)]);
  });
});

import { expect } from 'vitest';
import { PLATFORM_SCOPE, type Scope } from '../../src/database/scope.ts';
import { statement } from '../../src/database/statement.ts';
import { findFleetPages } from '../../src/fleet/fleet.repository.ts';
import { type FleetOrderField, WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import { test } from '../support/key-world.ts';
import { insertKeyedFleet } from '../support/keyed-fleet.ts';

/** So many that to plan for a tenth of them costs more than to plan anew. */
const ORGANIZATIONS = 5000;
/** PostgreSQL plans so often before it decides whether to keep a plan. */
const TRIED = 5;
const TIMES = 12;

const plans = statement<{ readonly name: string; readonly made: number }>(
  'test.plans',
  `select name, custom_plans::int as made from pg_prepared_statements where name like 'fleet.page%'`,
);

test('pages of a large fleet in the order of an index are not planned anew each time', async ({ world }) => {
  const { keyward, tenants } = world;
  const { root } = tenants;
  await insertKeyedFleet(keyward.services, keyward.database.query, root, ORGANIZATIONS);
  const plansMade = (scope: Scope, field: FleetOrderField, name: string) =>
    keyward.services.database.withTransaction(scope, async (tx) => {
      const query = { filter: { ...WHOLE_FLEET, group: null }, order: { field, direction: 'ASC' } } as const;
      const page = { first: 50, after: null };
      for (let time = 0; time < TIMES; time++) await findFleetPages(tx, scope, null, { ...query, page }, new Date());
      return (await tx.rows(plans, [])).find((row) => row.name === name)?.made;
    });
  const ofRoot = { level: 'PROVIDER', ...root, providerId: root.serviceProviderId } as const;
  expect(await plansMade(PLATFORM_SCOPE, 'NAME', 'fleet.page_NAME_ASC_')).toBe(TRIED);
  expect(await plansMade(ofRoot, 'NAME', 'fleet.page_NAME_ASC_r')).toBe(TRIED);
  expect(await plansMade(ofRoot, 'CREATED_AT', 'fleet.page_CREATED_AT_ASC_r')).toBe(TRIED);
});

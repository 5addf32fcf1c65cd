import { describe, expect } from 'vitest';
import { findSlots } from '../../src/api-key/api-key.repository.ts';
import {
  apiKeyStatus,
  apiKeyStatuses,
  disablementSourceNames,
  disablementSources,
  type StoredDisablementSource,
} from '../../src/api-key/api-key.ts';
import type { ApiKeySlot } from '../../src/api-key/api-key-slot.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { countOrganizations, listFleet } from '../../src/fleet/fleet.service.ts';
import { type FleetFilter, WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { subscriptionStatus, subscriptionStatuses } from '../../src/subscription/subscription.ts';
import { createTestOrganization } from '../support/fixtures.ts';
import { test as base, type KeyWorld } from '../support/key-world.ts';

const NOW = new Date('2031-05-06T07:08:09.123Z');
const at = (offsetMs: number) => new Date(NOW.getTime() + offsetMs);
const DAY = 86_400_000;

/** Every shape that the clock and history give a subscription, with the instants themselves on either side. */
const terms = [
  null,
  ...[null, at(-2 * DAY)].flatMap((previousEndedAt) => [
    { startsAt: at(-DAY), endsAt: at(DAY), cancelledAt: null, previousEndedAt },
    { startsAt: at(0), endsAt: at(1), cancelledAt: null, previousEndedAt },
    { startsAt: at(1), endsAt: at(DAY), cancelledAt: null, previousEndedAt },
    { startsAt: at(DAY), endsAt: at(2 * DAY), cancelledAt: null, previousEndedAt },
    { startsAt: at(-DAY), endsAt: at(0), cancelledAt: null, previousEndedAt },
    { startsAt: at(-DAY), endsAt: at(-1), cancelledAt: null, previousEndedAt },
    // Cancelled before it started, and by a process whose clock is ahead.
    { startsAt: at(DAY), endsAt: at(-DAY), cancelledAt: at(-DAY), previousEndedAt },
    { startsAt: at(-DAY), endsAt: at(1), cancelledAt: at(1), previousEndedAt },
  ]),
];

const stored: readonly StoredDisablementSource[] = ['SERVICE_PROVIDER', 'PLATFORM', 'CALL_THRESHOLD'];
const sets = Array.from({ length: 8 }, (_, bits) => stored.filter((_, index) => (bits >> index) & 1));
const states = terms.flatMap((term) =>
  sets.flatMap((disabledBy) => [false, true].map((hasKey) => ({ term, disabledBy, hasKey }))),
);

const test = base.extend('fleet', { scope: 'test' }, async ({ world }) => {
  const { tenants, keyward } = world;
  const { root } = tenants;
  const organizations = await Promise.all(
    states.map(async (state) => {
      const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, root, null);
      await bringInto(world, organization, state);
      return organization;
    }),
  );
  await keyward.database.query('analyze'); // as autovacuum would, some time later
  const refs = organizations.map((organization) => ({ ...organization, kind: 'CLOUD_SERVICE' as const }));
  return keyward.services.database.read(PLATFORM_SCOPE, (tx) => findSlots(tx, refs));
});

async function bringInto(
  world: KeyWorld,
  { organizationId }: OrganizationRef,
  state: (typeof states)[number],
): Promise<void> {
  const { database } = world.keyward;
  const slot = `from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE'`;
  if (state.hasKey) {
    await database.query(
      `update api_key set ciphertext = '\\x00', data_key_version = 1, key_version = version, last_four = 'abcd',
         fingerprint = sha256(organization_id::text::bytea), created_at = now()
       where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [organizationId],
    );
  }
  await database.query(
    `insert into disablement (root_provider_id, organization_id, kind, source, provider_path, reason, at, by_name)
     select root_provider_id, organization_id, kind, unnest($2::stored_disablement_source[]), provider_path, 'NON_PAYMENT', now(), 'Test' ${slot}`,
    [organizationId, state.disabledBy],
  );
  if (state.term === null) return;
  const { startsAt, endsAt, cancelledAt, previousEndedAt } = state.term;
  await database.query(
    `insert into subscription (root_provider_id, id, organization_id, provider_path, plan, starts_at, ends_at, previous_ended_at, cancelled_at, created_at)
     select root_provider_id, gen_random_uuid(), organization_id, provider_path, 'API', $2, $3, $4, $5, now() ${slot}`,
    [organizationId, startsAt, endsAt, previousEndedAt, cancelledAt],
  );
}

const HALF = states.length / 2;

/** What of these organizations the filter finds, and counts, as the database sees it: a page at a time. */
async function found(world: KeyWorld, organizations: readonly OrganizationRef[], filter: Partial<FleetFilter>) {
  const ctx = world.as(world.parentAdmin, NOW);
  const order = { field: 'NAME', direction: 'ASC' } as const;
  const parts = await Promise.all(
    [organizations.slice(0, HALF), organizations.slice(HALF)].map(async (half) => {
      const wanted = { ...WHOLE_FLEET, ...filter, organizations: half };
      const [page] = await listFleet(ctx, null, { filter: wanted, order, page: { first: HALF, after: null } });
      const [count] = await countOrganizations(ctx, null, wanted);
      return {
        ids: (page?.items ?? []).map(({ organization }) => organization.organizationId as string),
        count: count ?? 0,
      };
    }),
  );
  return { ids: parts.flatMap(({ ids }) => ids).sort(), count: parts.reduce((sum, { count }) => sum + count, 0) };
}

/** What the rules say that it should find. */
function expected(fleet: readonly ApiKeySlot[], matches: (slot: ApiKeySlot) => boolean) {
  const ids = fleet
    .filter(matches)
    .map(({ organizationId }) => organizationId as string)
    .sort();
  return { ids, count: ids.length };
}

async function expectTwins(
  world: KeyWorld,
  fleet: readonly ApiKeySlot[],
  filter: Partial<FleetFilter>,
  matches: (slot: ApiKeySlot) => boolean,
) {
  const organizations = fleet.map(({ rootProviderId, organizationId }) => ({ rootProviderId, organizationId }));
  expect(await found(world, organizations, filter), JSON.stringify(filter)).toEqual(expected(fleet, matches));
}

function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, index) => (bits >> index) & 1));
}

const statusOf = (slot: ApiKeySlot) => (slot.subscription === null ? null : subscriptionStatus(slot.subscription, NOW));

describe(`the SQL twins agree with the rules in all of ${states.length} states`, () => {
  test('apiKeyStatus, disablementSource and subscriptionStatus, each set of values', { timeout: 60_000 }, async ({
    world,
    fleet,
  }) => {
    expect(fleet).toHaveLength(states.length);
    for (const statuses of subsetsOf(apiKeyStatuses)) {
      await expectTwins(world, fleet, { apiKeyStatus: statuses }, (slot) => statuses.includes(apiKeyStatus(slot, NOW)));
    }
    for (const sources of subsetsOf(disablementSourceNames)) {
      await expectTwins(world, fleet, { disablementSource: sources }, (slot) =>
        disablementSources(slot, NOW).some((source) => sources.includes(source)),
      );
    }
    for (const statuses of subsetsOf(subscriptionStatuses)) {
      await expectTwins(world, fleet, { subscriptionStatus: statuses }, (slot) =>
        statuses.some((status) => status === statusOf(slot)),
      );
    }
    for (const key of apiKeyStatuses) {
      for (const source of disablementSourceNames) {
        for (const status of subscriptionStatuses) {
          const filter = { apiKeyStatus: [key], disablementSource: [source], subscriptionStatus: [status] };
          await expectTwins(world, fleet, filter, (slot) => {
            return (
              apiKeyStatus(slot, NOW) === key &&
              disablementSources(slot, NOW).includes(source) &&
              statusOf(slot) === status
            );
          });
        }
      }
    }
  });
});

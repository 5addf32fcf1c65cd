import { test as base, describe, expect } from 'vitest';
import type { OrganizationRef, ServiceProviderRef } from '../../../src/ids.ts';
import { tellSubscriptionEnds } from '../../../src/notice/tell-subscription-ends.service.ts';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../../src/subscription/subscription.service.ts';
import { contextOf, createTestOrganization } from '../../support/fixtures.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readAudit } from '../../support/rows.ts';
import { change, offer } from '../../support/subscriptions.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

/** An installation for each test: what is told is told of the whole of it. */
const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ logLevel: 'error' });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

const DAY_MS = 24 * 3600 * 1000;
const now = new Date();
const later = (days: number) => new Date(now.getTime() + days * DAY_MS);

interface Told {
  readonly organizationId: string | null;
  readonly action: string;
  readonly daysLeft: unknown;
  readonly at: Date;
}

async function toldIn({ keyward }: KeyWorld, organization?: OrganizationRef): Promise<Told[]> {
  const rows = await keyward.database.query<Told & { after: string }>(
    `select organization_id as "organizationId", action, after, at from audit_event
     where action in ('subscription.notice_ending', 'subscription.end') and actor_id is null and result = 'OK'
       and ($1::uuid is null or organization_id = $1) order by id`,
    [organization?.organizationId ?? null],
  );
  return rows.map(({ after, ...row }) => ({ ...row, daysLeft: JSON.parse(after).daysLeft }));
}

const told = async (world: KeyWorld, organization: OrganizationRef) =>
  (await toldIn(world, organization)).map(({ action, daysLeft }) => [action, daysLeft]);

const ENDING = 'subscription.notice_ending';
const ENDED = ['subscription.end', undefined];

function organizationUntil({ tenants, keyward }: KeyWorld, endsAt: Date): Promise<OrganizationRef> {
  return createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, { endsAt });
}

/** One run a day, from one day to another, both included. */
async function runDaily({ keyward }: KeyWorld, from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day++) await tellSubscriptionEnds(keyward.services, later(day));
}

describe('the end of a subscription', () => {
  test('is told of 30, 14, 7 and 1 days before and when it has come, each once', async ({ world }) => {
    const organization = await organizationUntil(world, later(100));
    await runDaily(world, 0, 140);
    const expected = [[ENDING, 30], [ENDING, 14], [ENDING, 7], [ENDING, 1], ENDED];
    expect(await told(world, organization)).toEqual(expected);
    const [first] = await toldIn(world, organization);
    expect(first?.at).toEqual(later(70));
    const row = (await readAudit(world.keyward.database)).find(({ action }) => action === ENDING);
    expect(row).toMatchObject({
      actor_name: 'System',
      result: 'OK',
      before: null,
      after: { plan: 'API Business', status: 'ACTIVE', endsAt: later(100).toISOString(), daysLeft: 30 },
    });
  });

  test('is told of by the nearest lead alone when nobody was there before', async ({ world }) => {
    const organization = await organizationUntil(world, later(100));
    await runDaily(world, 90, 95);
    await runDaily(world, 75, 76); // set back to when an earlier one was true
    expect(await told(world, organization)).toEqual([
      [ENDING, 10],
      [ENDING, 7],
    ]);
  });

  test('is told of although nobody was there when it came, and after 30 days no more', async ({ world }) => {
    const [late, older] = [await organizationUntil(world, later(40)), await organizationUntil(world, later(10))];
    await runDaily(world, 45, 45);
    expect(await told(world, late)).toEqual([ENDED]);
    expect(await told(world, older)).toEqual([]);
  });

  test('is told of by no lead that is longer than the subscription was', async ({ world }) => {
    const organization = await organizationUntil(world, later(10));
    await runDaily(world, 0, 20);
    expect(await told(world, organization)).toEqual([[ENDING, 7], [ENDING, 1], ENDED]);
  });

  test('is told anew after a renewal', async ({ world }) => {
    const organization = await organizationUntil(world, later(40));
    await runDaily(world, 0, 27);
    const ctx = contextOf(world.keyward.services, world.platformAdmin, later(27));
    await renewSubscription(ctx, { ...change(organization), endsAt: later(60) });
    await runDaily(world, 28, 61);
    const again = [[ENDING, 30], [ENDING, 14], [ENDING, 7], [ENDING, 1], ENDED];
    expect(await told(world, organization)).toEqual([[ENDING, 30], [ENDING, 14], ...again]);
  });

  test('is told of no more once it was cancelled, or followed by another', async ({ world }) => {
    const cancelled = await organizationUntil(world, later(40));
    const followed = await organizationUntil(world, later(40));
    const at = (day: number) => contextOf(world.keyward.services, world.platformAdmin, later(day));
    await cancelSubscription(at(1), change(cancelled));
    await applySubscription(at(41), offer(followed, { endsAt: later(400) }));
    await runDaily(world, 41, 50);
    expect(await told(world, cancelled)).toEqual([]);
    expect(await told(world, followed)).toEqual([]);
  });

  test('is told once, with five processes at once', async ({ world, keyward }) => {
    const fleet = await insertKeyedFleet(keyward.services, keyward.database.query, world.tenants.reseller, 1500);
    await keyward.database.query(`update subscription set starts_at = $1, ends_at = $2 where plan = 'API'`, [
      ...[later(-60), later(7)],
    ]);
    const counts = await Promise.all(Array.from({ length: 5 }, () => tellSubscriptionEnds(keyward.services, now)));
    const missed = await tellSubscriptionEnds(keyward.services, now); // what one held, another left out
    expect([...counts, missed].reduce((sum, count) => sum + count, 0)).toBe(fleet.length);
    const rows = await toldIn(world);
    expect(new Set(rows.map(({ organizationId }) => organizationId)).size).toBe(fleet.length);
    expect(rows).toHaveLength(fleet.length);
  });

  test('is told of by nobody when it cannot be written down, and then is all the same', async ({ world, keyward }) => {
    const organization = await organizationUntil(world, later(40));
    await keyward.database.query('revoke insert on audit_event from keyward_runtime');
    await expect(tellSubscriptionEnds(keyward.services, later(10))).rejects.toMatchObject({ code: '42501' });
    expect(await keyward.database.query('select from subscription_notice')).toEqual([]);
    await keyward.database.query('grant insert on audit_event to keyward_runtime');
    await tellSubscriptionEnds(keyward.services, later(10));
    expect(await told(world, organization)).toEqual([[ENDING, 30]]);
  });

  test('is told of to all others when it cannot be told to one tenant', async ({ world, keyward }) => {
    const { platformAdmin, root, foreignRoot } = world.tenants;
    const customerOf = (provider: ServiceProviderRef) =>
      createTestOrganization(keyward.services, platformAdmin, provider, { endsAt: later(40) });
    for (const [broken, whole] of [
      [root, foreignRoot],
      [foreignRoot, root],
    ] as const) {
      const [late, inTime] = [await customerOf(broken), await customerOf(whole)];
      await keyward.database.query(
        `alter table audit_event add constraint broken check (root_provider_id <> '${broken.rootProviderId}') not valid`,
      );
      await expect(tellSubscriptionEnds(keyward.services, later(10))).rejects.toMatchObject({ code: '23514' });
      await keyward.database.query('alter table audit_event drop constraint broken');
      expect(await told(world, late)).toEqual([]);
      expect(await told(world, inTime)).toEqual([[ENDING, 30]]);
    }
  });
});

test('in a year of 300 subscriptions, over a clock that jumps, every notice comes once and in its time', async ({
  world,
  keyward,
}) => {
  const fleet = await insertKeyedFleet(keyward.services, keyward.database.query, world.tenants.reseller, 300);
  await keyward.database.query(
    `update subscription s set starts_at = $1::timestamptz, ends_at = $1::timestamptz + w.day * interval '24 hours'
     from unnest($2::uuid[], $3::float8[]) w (id, day) where s.organization_id = w.id`,
    [now, fleet.map(({ organizationId }) => organizationId), fleet.map((_, index) => 31 + index * 1.1)],
  );
  for (let day = 0; day <= 363; day += 0.75) {
    await tellSubscriptionEnds(keyward.services, later(day));
    if (Math.floor(day) % 10 === 3) await tellSubscriptionEnds(keyward.services, later(day - 40)); // set back
  }
  const byOrganization = Map.groupBy(await toldIn(world), ({ organizationId }) => organizationId);
  const leads = [30, 14, 7, 1, 0];
  for (const [index, { organizationId }] of fleet.entries()) {
    const rows = byOrganization.get(organizationId) ?? [];
    const ends = 31 + index * 1.1;
    expect(rows.map(({ action }) => action)).toEqual([ENDING, ENDING, ENDING, ENDING, ENDED[0]]);
    rows.forEach(({ at }, place) => {
      const daysLate = (at.getTime() - now.getTime()) / DAY_MS - (ends - (leads[place] ?? 0));
      expect(daysLate).toBeGreaterThanOrEqual(-0.001);
      expect(daysLate).toBeLessThanOrEqual(0.751);
    });
  }
}, 60_000);

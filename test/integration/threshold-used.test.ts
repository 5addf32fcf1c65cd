import { expect } from 'vitest';
import { countOrganizations, listFleet } from '../../src/fleet/fleet.service.ts';
import { type FleetFilter, WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import { summarizeFleet } from '../../src/fleet/fleet-summary.service.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { Random } from '../../src/seed/random.ts';
import type { ThresholdPeriod } from '../../src/subscription/subscription.ts';
import { standingAt } from '../../src/usage/count-calls.ts';
import { DAY_MS, HOUR_MS, periodAt } from '../../src/usage/usage-window.ts';
import { makeFleet } from '../support/fleet-states.ts';
import { test as base } from '../support/key-world.ts';

const COUNT = 60;
const THRESHOLD = 1000;

interface Counted {
  readonly organization: OrganizationRef;
  /** Whole per cent of its threshold; null without one. */
  readonly percent: number | null;
}

/** Slots of every period, counted in this window or an old one, opened anew or not, with a threshold or without. */
const test = base.extend('counted', { scope: 'test' }, async ({ world }) => {
  const random = new Random(20_261_121);
  const { database } = world.keyward;
  const now = new Date();
  const fleet = await makeFleet(
    world,
    Array.from({ length: COUNT }, () => 'KEY'),
  );
  const counted: Counted[] = [];
  for (const organization of fleet) {
    const { organizationId } = organization;
    const thresholdPeriod = random.pick<ThresholdPeriod>(['HOUR', 'DAY', 'MONTH']);
    const callThreshold = random.chance(0.85) ? THRESHOLD : null;
    const opened = random.pick([null, new Date(now.getTime() - 5 * 60_000), new Date(now.getTime() - 40 * DAY_MS)]);
    const current = periodAt(thresholdPeriod, now).startsAt;
    const windowStart = random.pick([current, current, opened ?? current, new Date(current.getTime() - HOUR_MS)]);
    const used = random.pick([0, 749, 750, 899, 900, 999, 1000]);
    const isCounted = random.chance(0.9);
    await database.query(
      'update subscription set call_threshold = $2, threshold_period = $3::threshold_period where organization_id = $1',
      [organizationId, callThreshold, callThreshold === null ? null : thresholdPeriod],
    );
    await database.query(
      "update api_key set window_opened_at = $2 where organization_id = $1 and kind = 'CLOUD_SERVICE'",
      [organizationId, opened],
    );
    if (isCounted) {
      await database.query(
        `insert into usage_counter (root_provider_id, organization_id, kind, provider_path, window_start, used, hour, hour_calls, last_used_at)
         select root_provider_id, organization_id, kind, provider_path, $2::timestamptz, $3, $2, 0, $2 from api_key
         where organization_id = $1`,
        [organizationId, windowStart, used],
      );
    }
    const counter = isCounted ? { windowStart, used, hour: windowStart, hourCalls: 0, threshold: callThreshold } : null;
    const terms = {
      callThreshold,
      thresholdPeriod: callThreshold === null ? null : thresholdPeriod,
      windowOpenedAt: opened,
    };
    const standing = standingAt(counter, terms, now);
    counted.push({
      organization,
      percent: callThreshold === null ? null : Math.floor((100 * standing.used) / THRESHOLD),
    });
  }
  return counted;
});

const using = (percent: number): FleetFilter => ({ ...WHOLE_FLEET, thresholdUsedPercentAtLeast: percent });

test('finds those, and only those, whose window has used so much of its threshold', async ({ world, counted }) => {
  const ctx = world.as(world.parentAdmin);
  for (const percent of [1, 75, 90, 100]) {
    const expected = counted.filter((each) => each.percent !== null && each.percent >= percent);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(COUNT);
    const order = { field: 'NAME', direction: 'ASC' } as const;
    const [page] = await listFleet(ctx, null, { filter: using(percent), order, page: { first: 200, after: null } });
    expect(new Set(page?.items.map(({ organization }) => organization.organizationId))).toEqual(
      new Set(expected.map(({ organization }) => organization.organizationId)),
    );
    expect(await countOrganizations(ctx, null, using(percent))).toEqual([expected.length]);
  }
});

test('the summary counts what the filter finds, for whoever asks', async ({ world, counted }) => {
  expect(counted).toHaveLength(COUNT);
  for (const person of ['platformAdmin', 'parentAdmin', 'providerViewer', 'orgAdmin'] as const) {
    const ctx = world.as(world[person]);
    const { thresholdsUsed } = await summarizeFleet(ctx, null);
    expect(thresholdsUsed.map(({ percent }) => percent)).toEqual([75, 90, 100]);
    for (const { percent, count } of thresholdsUsed) {
      expect(await countOrganizations(ctx, null, using(percent))).toEqual([count]);
    }
  }
});

test.for([0, -1, 101, 75.5])('%s per cent is refused', async (percent, { world }) => {
  await expect(async () => countOrganizations(world.as(world.parentAdmin), null, using(percent))).rejects.toMatchObject(
    {
      code: 'VALIDATION_FAILED',
      field: ['thresholdUsedPercentAtLeast'],
    },
  );
});

test('together with every other condition it has a name that PostgreSQL can keep', async ({ world }) => {
  const ctx = world.as(world.orgAdmin);
  const everything: FleetFilter = {
    search: 'a',
    serviceProvider: world.tenants.root,
    apiKeyStatus: ['ENABLED'],
    disablementSource: ['PLATFORM'],
    subscriptionStatus: ['ACTIVE'],
    fingerprint: 'ab'.repeat(32),
    fingerprintNot: 'cd'.repeat(32),
    subscriptionEndsBefore: ctx.now,
    keyModifiedSince: ctx.now,
    keyModifiedBefore: ctx.now,
    thresholdUsedPercentAtLeast: 75,
    rotation: ['DUE'],
    organizations: [],
    group: null,
  };
  const order = { field: 'KEY_LAST_MODIFIED_AT', direction: 'DESC' } as const;
  const [page] = await listFleet(ctx, null, { filter: everything, order, page: { first: 1, after: null } });
  expect(page?.items).toEqual([]);
});

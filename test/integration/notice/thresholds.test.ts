import { test as base, expect } from 'vitest';
import type { OrganizationRef } from '../../../src/ids.ts';
import { tellThresholds } from '../../../src/notice/tell-thresholds.service.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation();
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

const now = new Date('2026-11-21T02:14:00Z');
const DAY_MS = 24 * 3600 * 1000;

/** As the gateway notes it with the call that reached it. */
async function reach({ keyward }: KeyWorld, { organizationId }: OrganizationRef, day: number, percents: number[]) {
  await keyward.database.query(
    `insert into usage_notice (root_provider_id, organization_id, kind, provider_path, window_start, percent, used, threshold, at)
     select root_provider_id, organization_id, kind, provider_path, $2, percent, percent * 10, 1000, $2
     from api_key, unnest($3::int[]) percent where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
    [organizationId, new Date(now.getTime() + day * DAY_MS), percents],
  );
}

test('each part of a threshold is told of once in each window, the lower first', async ({ world, keyward }) => {
  const { services, database } = keyward;
  await reach(world, world.organization, 0, [90, 75, 100]);
  const rows = await auditOf(database, async () => {
    expect(await tellThresholds(services, now)).toBe(3);
    expect(await tellThresholds(services, now)).toBe(0);
    await reach(world, world.organization, 1, [75]);
    expect(await tellThresholds(services, now)).toBe(1);
  });
  expect(rows.map(({ action, after }) => [action, after?.percent])).toEqual([
    ['api_key.warn_threshold', 75],
    ['api_key.warn_threshold', 90],
    ['api_key.reach_threshold', 100],
    ['api_key.warn_threshold', 75],
  ]);
  expect(rows[0]).toMatchObject({
    actor_name: 'System',
    organization_id: world.organization.organizationId,
    result: 'OK',
    after: {
      kind: 'CLOUD_SERVICE',
      percent: 75,
      used: 750,
      callThreshold: 1000,
      windowStartsAt: '2026-11-21T02:14:00.000Z',
    },
  });
});

test('five processes at once tell of each once', async ({ world, keyward }) => {
  for (let day = 0; day < 40; day++) await reach(world, world.organization, day, [75, 90]);
  const rows = await auditOf(keyward.database, async () => {
    const counts = await Promise.all(Array.from({ length: 5 }, () => tellThresholds(keyward.services, now)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(80);
  });
  expect(rows).toHaveLength(80);
});

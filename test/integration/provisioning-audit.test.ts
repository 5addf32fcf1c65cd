import { describe, expect } from 'vitest';
import { startDueSubscriptions } from '../../src/subscription/start-subscriptions.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { createTestOrganization, YEAR_MS } from '../support/fixtures.ts';
import { readSlot, test } from '../support/key-world.ts';
import { auditOf } from '../support/rows.ts';

describe('a key that a subscription brings is in the audit trail like any other, with its fingerprint and version', () => {
  test('when the subscription has started', async ({ world }) => {
    const { keyward, tenants } = world;
    const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, null);
    const terms = { plan: 'API', startsAt: null, callThreshold: null, thresholdPeriod: null, idempotencyKey: null };
    const endsAt = new Date(Date.now() + YEAR_MS);
    const rows = await auditOf(keyward.database, () =>
      applySubscription(world.as(world.providerAdmin), { ...terms, organization, endsAt }),
    );
    const { fingerprint } = await readSlot({ ...world, organization });
    expect(fingerprint).not.toBeNull();
    expect(JSON.stringify(rows.map(({ after }) => after))).toContain(fingerprint);
  });

  test('when it starts', async ({ world }) => {
    const { keyward, tenants } = world;
    const startsAt = new Date(Date.now() + 60_000);
    const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, {
      startsAt,
    });
    const rows = await auditOf(keyward.database, () => startDueSubscriptions(keyward.services, startsAt));
    const { fingerprint } = await readSlot({ ...world, organization });
    expect(fingerprint).not.toBeNull();
    expect(JSON.stringify(rows.map(({ after }) => after))).toContain(fingerprint);
  });
});

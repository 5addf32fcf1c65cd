import { describe, expect } from 'vitest';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../src/subscription/subscription.service.ts';
import { refusalOf } from '../support/expect-refusal.ts';
import { YEAR_MS } from '../support/fixtures.ts';
import { disableByProvider, emptySlot, endSubscription } from '../support/key-states.ts';
import { commandInput, commands, readSlot, test } from '../support/key-world.ts';
import { auditOf } from '../support/rows.ts';
import { change, offer, readSubscriptions, withFreshOrganization } from '../support/subscriptions.ts';

describe('apply', () => {
  test('provisions an enabled key in the same transaction, and both are in the audit trail', async ({ world }) => {
    const fresh = await withFreshOrganization(world);
    const ctx = fresh.as(fresh.providerAdmin);
    const input = offer(fresh.organization, { callThreshold: 1000, thresholdPeriod: 'DAY' });
    const rows = await auditOf(fresh.keyward.database, () => applySubscription(ctx, input));
    expect(await readSlot(fresh)).toMatchObject({
      version: 1,
      keyString: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
      disabledBy: [],
    });
    expect(await readSubscriptions(fresh)).toMatchObject([
      {
        plan: 'API',
        starts_at: ctx.now,
        ends_at: input.endsAt,
        provisioned_at: ctx.now,
        previous_ended_at: null,
        version: 1,
      },
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['api_key.provision', 'subscription.apply']);
    expect(rows[1]).toMatchObject({
      action: 'subscription.apply',
      result: 'OK',
      organization_id: fresh.organization.organizationId,
      before: null,
      after: {
        status: 'ACTIVE',
        startsAt: ctx.now.toISOString(),
        endsAt: input.endsAt.toISOString(),
        callThreshold: 1000,
        thresholdPeriod: 'DAY',
      },
    });
  });

  test('after an ended one keeps the key, which works again, and makes the old one history', async ({ world }) => {
    const before = await readSlot(world);
    await endSubscription(world);
    await applySubscription(world.as(world.providerAdmin), offer(world.organization));
    const [old, current] = await readSubscriptions(world);
    expect(await readSlot(world)).toEqual(before);
    expect(old?.superseded_at).not.toBeNull();
    expect(current).toMatchObject({ superseded_at: null, previous_ended_at: old?.ends_at });
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
  });

  test.for(['providerSupport', 'platformSupport'] as const)(
    'does not fill a slot that is disabled by %s',
    async (person, { world }) => {
      const fresh = await withFreshOrganization(world);
      await commands.DISABLE(fresh.as(fresh[person]), commandInput(fresh.organization));
      await applySubscription(fresh.as(fresh.providerAdmin), offer(fresh.organization));
      expect(await readSlot(fresh)).toMatchObject({ version: 1, keyString: null });
    },
  );

  test('scheduled for later provisions nothing yet', async ({ world }) => {
    const fresh = await withFreshOrganization(world);
    await applySubscription(
      fresh.as(fresh.providerAdmin),
      offer(fresh.organization, { startsAt: new Date(Date.now() + 60_000) }),
    );
    expect(await readSlot(fresh)).toMatchObject({ version: 0, keyString: null });
    expect(await readSubscriptions(fresh)).toMatchObject([{ provisioned_at: null }]);
  });

  test('after a deleted key and an ended subscription provisions a new key', async ({ world }) => {
    const before = await readSlot(world);
    await emptySlot(world);
    await endSubscription(world);
    await applySubscription(world.as(world.providerAdmin), offer(world.organization));
    const after = await readSlot(world);
    expect(after.keyString).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(after.keyString).not.toBe(before.keyString);
  });
});

describe('renew and cancel', () => {
  test('a cancelled one ends now, and its key is kept, disabled', async ({ world }) => {
    const before = await readSlot(world);
    const ctx = world.as(world.providerAdmin);
    const rows = await auditOf(world.keyward.database, () => cancelSubscription(ctx, change(world.organization)));
    expect(await readSubscriptions(world)).toMatchObject([{ ends_at: ctx.now, cancelled_at: ctx.now, version: 2 }]);
    expect(await readSlot(world)).toEqual(before);
    expect(rows.map(({ action, before: was, after }) => [action, was?.['status'], after?.['status']])).toEqual([
      ['subscription.cancel', 'ACTIVE', 'EXPIRED'],
    ]);
    expect(await refusalOf(() => commands.REGENERATE(ctx, commandInput(world.organization)))).toMatchObject({
      code: 'SUBSCRIPTION_EXPIRED',
    });
  });

  test('renewing a cancelled one makes the key work again, unless another disablement holds', async ({ world }) => {
    await disableByProvider(world);
    await endSubscription(world);
    const endsAt = new Date(Date.now() + YEAR_MS);
    const ctx = world.as(world.providerAdmin);
    const rows = await auditOf(world.keyward.database, () =>
      renewSubscription(ctx, { ...change(world.organization), endsAt }),
    );
    expect(rows.map(({ action, before, after }) => [action, before?.['status'], after?.['status']])).toEqual([
      ['subscription.renew', 'EXPIRED', 'ACTIVE'],
    ]);
    expect(await readSubscriptions(world)).toMatchObject([{ ends_at: endsAt, cancelled_at: null, version: 3 }]);
    const regenerate = () => commands.REGENERATE(world.as(world.providerAdmin), commandInput(world.organization));
    expect(await refusalOf(regenerate)).toMatchObject({ code: 'KEY_DISABLED' });
    await commands.ENABLE(ctx, commandInput(world.organization));
    await regenerate();
  });

  test('a cancel that came first and is decided second finds it ended', async ({ world }) => {
    const late = new Date();
    const early = new Date(late.getTime() - 5);
    await cancelSubscription(world.as(world.providerAdmin, late), change(world.organization));
    const call = () => cancelSubscription(world.as(world.parentAdmin, early), change(world.organization));
    expect(await refusalOf(call)).toMatchObject({ code: 'SUBSCRIPTION_EXPIRED' });
    expect(await readSubscriptions(world)).toMatchObject([{ ends_at: late, version: 2 }]);
  });
});

import { describe, expect } from 'vitest';
import { newId, type OrganizationRef } from '../../src/ids.ts';
import {
  type ApplySubscription,
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../src/subscription/subscription.service.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { expectRefusal, refusalOf } from '../support/expect-refusal.ts';
import { createTestOrganization, YEAR_MS } from '../support/fixtures.ts';
import { disableByProvider, emptySlot, endSubscription, takeSubscriptionAway } from '../support/key-states.ts';
import { commandInput, commands, type KeyWorld, type Person, readSlot, test } from '../support/key-world.ts';
import { auditOf } from '../support/rows.ts';

function offer(organization: OrganizationRef | null, more: Partial<ApplySubscription> = {}): ApplySubscription {
  const endsAt = new Date(Date.now() + YEAR_MS);
  return { organization, plan: 'API', startsAt: null, endsAt, callThreshold: null, thresholdPeriod: null, idempotencyKey: null, ...more };
}

const change = (organization: OrganizationRef | null) => ({ organization, expectedVersion: null, idempotencyKey: null });

interface SubscriptionRow {
  readonly plan: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly superseded_at: Date | null;
  readonly previous_ended_at: Date | null;
  readonly provisioned_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly version: number;
}

function readSubscriptions(world: KeyWorld): Promise<SubscriptionRow[]> {
  const sql = 'select * from subscription where organization_id = $1 order by created_at, id';
  return world.keyward.database.query<SubscriptionRow>(sql, [world.organization.organizationId]);
}

/** The same tenants with an organization that never had a subscription. */
async function withFreshOrganization(world: KeyWorld): Promise<KeyWorld> {
  const { tenants, keyward } = world;
  return { ...world, organization: await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, null) };
}

describe('apply', () => {
  test('provisions an enabled key in the same transaction, and is one audit row', async ({ world }) => {
    const fresh = await withFreshOrganization(world);
    const ctx = fresh.as(fresh.providerAdmin);
    const input = offer(fresh.organization, { callThreshold: 1000, thresholdPeriod: 'DAY' });
    const rows = await auditOf(fresh.keyward.database, () => applySubscription(ctx, input));
    expect(await readSlot(fresh)).toMatchObject({ version: 1, keyString: expect.stringMatching(/^[A-Za-z0-9]{12}$/), disabledBy: [] });
    expect(await readSubscriptions(fresh)).toMatchObject([
      { plan: 'API', starts_at: ctx.now, ends_at: input.endsAt, provisioned_at: ctx.now, previous_ended_at: null, version: 1 },
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'subscription.apply',
      result: 'OK',
      organization_id: fresh.organization.organizationId,
      before: null,
      after: { status: 'ACTIVE', startsAt: ctx.now.toISOString(), endsAt: input.endsAt.toISOString(), callThreshold: 1000, thresholdPeriod: 'DAY' },
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

  test.for(['providerSupport', 'platformSupport'] as const)('does not fill a slot that is disabled by %s', async (person, { world }) => {
    const fresh = await withFreshOrganization(world);
    await commands.DISABLE(fresh.as(fresh[person]), commandInput(fresh.organization));
    await applySubscription(fresh.as(fresh.providerAdmin), offer(fresh.organization));
    expect(await readSlot(fresh)).toMatchObject({ version: 1, keyString: null });
  });

  test('scheduled for later provisions nothing yet', async ({ world }) => {
    const fresh = await withFreshOrganization(world);
    await applySubscription(fresh.as(fresh.providerAdmin), offer(fresh.organization, { startsAt: new Date(Date.now() + 60_000) }));
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
    expect(await refusalOf(() => commands.REGENERATE(ctx, commandInput(world.organization)))).toMatchObject({ code: 'SUBSCRIPTION_EXPIRED' });
  });

  test('renewing a cancelled one makes the key work again, unless another disablement holds', async ({ world }) => {
    await disableByProvider(world);
    await endSubscription(world);
    const endsAt = new Date(Date.now() + YEAR_MS);
    const ctx = world.as(world.providerAdmin);
    const rows = await auditOf(world.keyward.database, () => renewSubscription(ctx, { ...change(world.organization), endsAt }));
    expect(rows.map(({ action, before, after }) => [action, before?.['status'], after?.['status']])).toEqual([['subscription.renew', 'EXPIRED', 'ACTIVE']]);
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

interface Refusal {
  readonly code: ErrorCode;
  readonly when: string;
  readonly by?: Person;
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  readonly call: (world: KeyWorld, person: Person) => Promise<unknown>;
}

const later = () => new Date(Date.now() + 2 * YEAR_MS);
const apply = (more: Partial<ApplySubscription>) => (world: KeyWorld, by: Person) => applySubscription(world.as(world[by]), offer(world.organization, more));
const renew = (endsAt: () => Date, expectedVersion: number | null = null) => (world: KeyWorld, by: Person) =>
  renewSubscription(world.as(world[by]), { ...change(world.organization), endsAt: endsAt(), expectedVersion });
const cancel = (expectedVersion: number | null = null) => (world: KeyWorld, by: Person) =>
  cancelSubscription(world.as(world[by]), { ...change(world.organization), expectedVersion });

const refusals: readonly (Refusal & { readonly action: string })[] = [
  { action: 'apply', code: 'SUBSCRIPTION_EXISTS', when: 'one is active', call: apply({}) },
  { action: 'apply', code: 'VALIDATION_FAILED', when: 'the end has passed', arrange: endSubscription, call: apply({ endsAt: new Date(0) }) },
  { action: 'apply', code: 'VALIDATION_FAILED', when: 'the end comes before the start', arrange: endSubscription, call: apply({ startsAt: later() }) },
  { action: 'apply', code: 'VALIDATION_FAILED', when: 'a threshold has no period', arrange: endSubscription, call: apply({ callThreshold: 5 }) },
  { action: 'apply', code: 'VALIDATION_FAILED', when: 'the plan is blank', arrange: endSubscription, call: apply({ plan: ' ' }) },
  { action: 'apply', code: 'FORBIDDEN', when: 'the organization asks', by: 'orgAdmin', call: apply({}) },
  { action: 'renew', code: 'VALIDATION_FAILED', when: 'it lasts longer already', call: renew(() => new Date(Date.now() + 60_000)) },
  { action: 'renew', code: 'VALIDATION_FAILED', when: 'the end lies 200 years ahead', call: renew(() => new Date(Date.now() + 200 * YEAR_MS)) },
  { action: 'renew', code: 'SUBSCRIPTION_REQUIRED', when: 'there is none', arrange: takeSubscriptionAway, call: renew(later) },
  { action: 'renew', code: 'VERSION_CONFLICT', when: 'it has moved', call: renew(later, 7) },
  { action: 'renew', code: 'FORBIDDEN', when: 'support asks', by: 'providerSupport', call: renew(later) },
  { action: 'cancel', code: 'SUBSCRIPTION_EXPIRED', when: 'it has ended', arrange: endSubscription, call: cancel() },
  { action: 'cancel', code: 'SUBSCRIPTION_REQUIRED', when: 'there is none', arrange: takeSubscriptionAway, call: cancel() },
  { action: 'cancel', code: 'VERSION_CONFLICT', when: 'it has moved', call: cancel(7) },
  { action: 'cancel', code: 'FORBIDDEN', when: 'a viewer asks', by: 'providerViewer', call: cancel() },
];

describe('refused', () => {
  const cases = refusals.map((refusal) => ({ by: 'providerAdmin' as const, ...refusal }));
  test.for(cases)('$action by $by with $code: $when', async ({ action, code, by, arrange, call }, { world }) => {
    await arrange?.(world);
    const expected = { code, action: `subscription.${action}`, actor: world[by], trail: world.organization };
    await expectRefusal(world.keyward.database, expected, () => call(world, by));
  });

  test.for(['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin'] as const)('alike for %s as for nobody\'s id', async (by, { world }) => {
    const { database } = world.keyward;
    const ids = [world.organization, { ...world.organization, organizationId: newId<'Organization'>() }, null];
    const asked = ids.flatMap((organization) => {
      const other = { ...world, organization: organization as OrganizationRef };
      return [['apply', apply({})], ['renew', renew(later)], ['cancel', cancel()]].map(([action, call]) => ({ action, call, other }));
    });
    const answers = new Set<string>();
    for (const { action, call, other } of asked) {
      const expected = { code: 'NOT_FOUND', action: `subscription.${String(action)}`, actor: world[by], trail: world[by].home } as const;
      const { error } = await expectRefusal(database, expected, () => (call as Refusal['call'])(other, by));
      answers.add(`${error.code} ${error.message} ${String(error.field)}`);
    }
    expect(answers.size).toBe(1);
  });
});

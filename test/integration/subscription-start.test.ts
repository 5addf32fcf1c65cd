import { randomBytes } from 'node:crypto';
import { test as base, describe, expect } from 'vitest';
import { startDueSubscriptions } from '../../src/subscription/start-subscriptions.service.ts';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../src/subscription/subscription.service.ts';
import { startWorker } from '../../src/worker.ts';
import { createTestOrganization, YEAR_MS } from '../support/fixtures.ts';
import { commandInput, commands, createKeyWorld, type KeyWorld, readSlot } from '../support/key-world.ts';
import { auditOf } from '../support/rows.ts';
import { openInstallationOn, openTestInstallation } from '../support/test-installation.ts';

/** An installation for each test: a worker starts whatever is due in the whole of it. */
const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation();
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

const startsAt = new Date(Date.now() + 3_600_000);
const later = new Date(startsAt.getTime() + 60_000);
const change = { expectedVersion: null, idempotencyKey: null };

/** The same tenants with an organization whose first subscription is to start in an hour. */
async function withScheduled(world: KeyWorld): Promise<KeyWorld> {
  const { tenants, keyward } = world;
  const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, {
    startsAt,
  });
  return { ...world, organization };
}

describe('a scheduled subscription', () => {
  test('starts when its time has come, not before, and then has a key', async ({ world }) => {
    const scheduled = await withScheduled(world);
    const { services, database } = world.keyward;
    expect(await startDueSubscriptions(services, new Date(startsAt.getTime() - 1))).toBe(0);
    const rows = await auditOf(database, async () => expect(await startDueSubscriptions(services, startsAt)).toBe(1));
    expect(await readSlot(scheduled)).toMatchObject({
      version: 1,
      keyString: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
      createdAt: startsAt,
      lastModifiedById: null,
      disabledBy: [],
    });
    expect(rows.map(({ action }) => action)).toEqual(['api_key.provision', 'subscription.start']);
    expect(rows[1]).toMatchObject({
      action: 'subscription.start',
      result: 'OK',
      actor_id: null,
      actor_name: 'System',
      organization_id: scheduled.organization.organizationId,
      root_provider_id: scheduled.organization.rootProviderId,
      after: { keyProvisioned: true },
    });
    expect(await startDueSubscriptions(services, later)).toBe(0);
  });

  test('starts exactly once with five workers at once', async ({ world }) => {
    const { services, database } = world.keyward;
    const worlds = await Promise.all(Array.from({ length: 20 }, () => withScheduled(world)));
    const counts: number[] = [];
    const rows = await auditOf(database, async () => {
      counts.push(...(await Promise.all(Array.from({ length: 5 }, () => startDueSubscriptions(services, later)))));
    });
    const slots = await Promise.all(worlds.map((one) => readSlot(one)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    const started = rows.filter(({ action }) => action === 'subscription.start');
    expect(started).toHaveLength(20);
    expect(rows.filter(({ action }) => action === 'api_key.provision')).toHaveLength(20);
    expect(new Set(started.map(({ organization_id }) => organization_id)).size).toBe(20);
    expect(slots.map(({ version }) => version)).toEqual(Array(20).fill(1));
    expect(new Set(slots.map(({ keyString }) => keyString)).size).toBe(20);
  });

  test('starts although more than a page of others before it cannot, of which each is logged and tried again', async () => {
    const keyEncryptionKey = randomBytes(32);
    await using keyward = await openTestInstallation({ keyEncryptionKey });
    const world = await createKeyWorld(keyward);
    const { platformAdmin, foreignRoot } = world.tenants;
    const earlier = { startsAt: new Date(startsAt.getTime() - 2000) };
    const broken = await Promise.all(
      Array.from({ length: 5 }, () => createTestOrganization(keyward.services, platformAdmin, foreignRoot, earlier)),
    );
    const behind = await withScheduled(world);
    await keyward.database.query('update data_key set wrapped = $1 where root_provider_id = $2', [
      randomBytes(60),
      foreignRoot.rootProviderId,
    ]);
    await using process = await openInstallationOn(keyward.database, { keyEncryptionKey });
    for (const ofRun of [5, 10]) {
      await expect(startDueSubscriptions(process.services, later, 2)).rejects.toThrow();
      expect(await readSlot(behind)).toMatchObject({ version: 1, keyString: expect.any(String) });
      const logged = process.logLines.filter((line) => line.includes('starting a subscription failed'));
      expect(logged).toHaveLength(ofRun);
      for (const { organizationId } of broken) expect(logged.join()).toContain(organizationId);
    }
  });

  test('never starts once it was cancelled', async ({ world }) => {
    const { organization, ...rest } = await withScheduled(world);
    const { services } = world.keyward;
    await cancelSubscription(world.as(world.providerAdmin), { organization, ...change });
    expect(await startDueSubscriptions(services, later)).toBe(0);
    expect(await readSlot({ organization, ...rest })).toMatchObject({ version: 0, keyString: null });
  });

  test('is either cancelled or started, whoever comes first', async ({ world }) => {
    const { services, database } = world.keyward;
    const scheduled = await Promise.all(Array.from({ length: 10 }, () => withScheduled(world)));
    const ctx = world.as(world.providerAdmin, new Date(startsAt.getTime() - 1));
    const cancels = scheduled.map(({ organization }) => cancelSubscription(ctx, { organization, ...change }));
    const rows = await auditOf(database, () => Promise.all([startDueSubscriptions(services, startsAt), ...cancels]));
    for (const one of scheduled) {
      const own = rows.filter(({ organization_id }) => organization_id === one.organization.organizationId);
      const started = own.filter(({ action }) => action === 'subscription.start').length;
      expect((await readSlot(one)).version).toBe(started);
    }
  });

  test('does not fill a slot that is disabled, and starts all the same', async ({ world }) => {
    const scheduled = await withScheduled(world);
    const { services, database } = world.keyward;
    await commands.DISABLE(world.as(world.providerSupport), commandInput(scheduled.organization));
    const [row] = await auditOf(database, () => startDueSubscriptions(services, later));
    expect(row).toMatchObject({ action: 'subscription.start', after: { keyProvisioned: false } });
    expect(await readSlot(scheduled)).toMatchObject({ version: 1, keyString: null, disabledBy: ['SERVICE_PROVIDER'] });
    expect(await startDueSubscriptions(services, later)).toBe(0);
  });

  test('that follows an ended one leaves the key that is there as it is', async ({ world }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { organization } = world;
    await cancelSubscription(ctx, { organization, ...change });
    const terms = { plan: 'API', callThreshold: null, thresholdPeriod: null, idempotencyKey: null };
    await applySubscription(ctx, { ...terms, organization, startsAt, endsAt: new Date(startsAt.getTime() + YEAR_MS) });
    const before = await readSlot(world);
    const [row] = await auditOf(database, () => startDueSubscriptions(services, later));
    expect(row).toMatchObject({ action: 'subscription.start', after: { keyProvisioned: false } });
    expect(await readSlot(world)).toEqual(before);
  });

  test('still starts after it was renewed, and not once it has ended unstarted', async ({ world }) => {
    const { organization } = await withScheduled(world);
    const { services } = world.keyward;
    const endsAt = new Date(Date.now() + 3 * YEAR_MS);
    await renewSubscription(world.as(world.providerAdmin), { organization, endsAt, ...change });
    expect(await startDueSubscriptions(services, endsAt)).toBe(0);
    expect(await startDueSubscriptions(services, later)).toBe(1);
  });
});

describe('the worker', () => {
  test('starts what is due by itself, and stops when it is told to', async ({ world }) => {
    const { services, database } = world.keyward;
    const soon = new Date(Date.now() + 500);
    const organization = await createTestOrganization(services, world.tenants.platformAdmin, world.tenants.reseller, {
      startsAt: soon,
    });
    {
      await using _worker = await startWorker(services);
      await expect.poll(async () => (await readSlot({ ...world, organization })).version, { timeout: 10_000 }).toBe(1);
    }
    const unfinished = await database.query(
      `select pid from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
    );
    expect(unfinished).toEqual([]);
  });
});

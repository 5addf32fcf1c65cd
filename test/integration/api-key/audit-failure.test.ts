import { test as base, describe, expect } from 'vitest';
import { apiKeyActions } from '../../../src/api-key/api-key.ts';
import { DomainError } from '../../../src/errors.ts';
import { createOrganization } from '../../../src/organization/organization.service.ts';
import { createServiceProvider } from '../../../src/service-provider/service-provider.service.ts';
import { startDueSubscriptions } from '../../../src/subscription/start-subscriptions.service.ts';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../../src/subscription/subscription.service.ts';
import { createTestOrganization, uniqueName, YEAR_MS } from '../../support/fixtures.ts';
import { disableByPlatform, emptySlot } from '../../support/key-states.ts';
import { commandInput, commands, createKeyWorld } from '../../support/key-world.ts';
import { readRows } from '../../support/rows.ts';
import { openTestInstallation, type TestInstallation } from '../../support/test-installation.ts';

/** An installation for each test: what is broken in it stays in it. */
const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation();
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

async function breakAudit({ database }: TestInstallation): Promise<void> {
  await database.query('revoke insert on audit_event from keyward_runtime');
}

/** The call fails for want of its audit row, and no table has changed by a byte. */
async function expectNothingLeft({ database }: TestInstallation, call: () => Promise<unknown>): Promise<void> {
  const before = await readRows(database, []);
  const error: unknown = await call().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: '42501' });
  expect(error).not.toBeInstanceOf(DomainError);
  expect(await readRows(database, [])).toEqual(before);
}

describe('no audit row, no change', () => {
  test.for(apiKeyActions)('%s leaves nothing behind', async (action, { keyward, world }) => {
    if (action === 'ADD') await emptySlot(world);
    if (action === 'ENABLE') await disableByPlatform(world);
    await breakAudit(keyward);
    const person = action === 'ENABLE' ? 'platformAdmin' : 'parentAdmin';
    const input = commandInput(world.organization, { idempotencyKey: 'once' });
    await expectNothingLeft(keyward, () => commands[action](world.as(world[person]), input));
  });

  test('a refusal that cannot be written down fails, and its answer is not kept', async ({ keyward, world }) => {
    await breakAudit(keyward);
    const input = commandInput(world.organization, { idempotencyKey: 'once' });
    await expectNothingLeft(keyward, () => commands.ADD(world.as(world.orgAdmin), input));
  });

  test('neither tenants nor subscriptions are left behind', async ({ keyward, world }) => {
    const { services } = keyward;
    const { reseller: serviceProvider, root, platformAdmin } = world.tenants;
    const fresh = await createTestOrganization(services, platformAdmin, serviceProvider, null);
    await breakAudit(keyward);
    const ctx = world.as(world.platformAdmin);
    const endsAt = new Date(ctx.now.getTime() + 2 * YEAR_MS);
    const shared = { idempotencyKey: 'once', expectedVersion: null };
    const terms = { plan: 'API', startsAt: null, endsAt, callThreshold: null, thresholdPeriod: null };
    const calls = [
      () => createServiceProvider(ctx, { ...shared, name: uniqueName('Provider'), parent: root, baseUrl: null }),
      () => createServiceProvider(ctx, { ...shared, name: uniqueName('Provider'), parent: null, baseUrl: null }),
      () => createOrganization(ctx, { ...shared, serviceProvider, name: uniqueName('Organization'), externalId: null }),
      () => applySubscription(ctx, { ...shared, ...terms, organization: fresh }),
      () => renewSubscription(ctx, { ...shared, organization: world.organization, endsAt }),
      () => cancelSubscription(ctx, { ...shared, organization: world.organization }),
    ];
    for (const call of calls) await expectNothingLeft(keyward, call);
  });

  test('a scheduled subscription that cannot be written down does not start, and starts later', async ({
    keyward,
    world,
  }) => {
    const { services, database } = keyward;
    const { platformAdmin, reseller } = world.tenants;
    const startsAt = new Date(Date.now() + 60_000);
    await createTestOrganization(services, platformAdmin, reseller, { startsAt });
    await breakAudit(keyward);
    await expectNothingLeft(keyward, () => startDueSubscriptions(services, startsAt));
    await database.query('grant insert on audit_event to keyward_runtime');
    expect(await startDueSubscriptions(services, startsAt)).toBe(1);
  });
});

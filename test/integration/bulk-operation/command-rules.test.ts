import { describe, expect } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import {
  disableApiKeys,
  enableApiKeys,
  regenerateApiKeys,
  renewSubscriptions,
} from '../../../src/bulk-operation/bulk-commands.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import { command, NOTE, RENEWED } from '../../support/bulk-commands.ts';
import { createTestOrganization, keyInput, YEAR_MS } from '../../support/fixtures.ts';
import { commandInput, commands } from '../../support/key-world.ts';
import { disableAs, testWithFleet as test } from '../../support/small-fleet.ts';
import { bulkTarget, readOperation, readResults, readString, readStrings } from '../../support/sync.ts';

const keyKind = 'CLOUD_SERVICE';

describe('disabling many', () => {
  test('notes the reason and the note, of each, and leaves alone what is disabled already', async ({
    world,
    fleet,
  }) => {
    const [first] = fleet;
    if (first === undefined) throw new Error('an empty fleet');
    await disableAs(world, 'parentAdmin', [first]);
    const ctx = world.as(world.providerSupport);
    const { operation } = await command(ctx, 'DISABLE_API_KEY', bulkTarget(fleet));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', changed: 2, unchanged: 1 });
    const { database } = world.keyward;
    const rows = await database.query(
      'select source, reason, note, by_id from disablement where organization_id = any ($1) and organization_id <> $2',
      [fleet.map(({ organizationId }) => organizationId), first.organizationId],
    );
    const row = { source: 'SERVICE_PROVIDER', reason: 'NON_PAYMENT', note: NOTE, by_id: ctx.actor.id };
    expect(rows).toEqual([row, row]);
  });

  test('reaches the slots of the other kind, and those alone', async ({ world, fleet }) => {
    const ctx = world.as(world.platformAdmin);
    const input = { ...bulkTarget(fleet), keyKind: 'SANDBOX_SUBMISSION', reason: 'OTHER', note: NOTE } as const;
    await disableApiKeys(ctx, input);
    const rows = await world.keyward.database.query(
      'select distinct kind, source from disablement where organization_id = any ($1)',
      [fleet.map(({ organizationId }) => organizationId)],
    );
    expect(rows).toEqual([{ kind: 'SANDBOX_SUBMISSION', source: 'PLATFORM' }]);
  });

  test('refuses at once what would be refused of each, and starts nothing', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const target = { ...bulkTarget(fleet), keyKind } as const;
    const disable = (reason: 'OTHER' | 'SUBSCRIPTION_EXPIRED', note: string | null) =>
      disableApiKeys(ctx, { ...target, reason, note });
    await expect(disable('OTHER', null)).rejects.toMatchObject({ code: 'NOTE_REQUIRED', field: ['note'] });
    await expect(disable('OTHER', ' ')).rejects.toMatchObject({ code: 'NOTE_REQUIRED' });
    await expect(disable('OTHER', 'x'.repeat(2001))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(disable('SUBSCRIPTION_EXPIRED', NOTE)).rejects.toMatchObject({ field: ['reason'] });
    await expect(enableApiKeys(ctx, { ...target, note: ' ' })).rejects.toMatchObject({ code: 'NOTE_REQUIRED' });
    const { database } = world.keyward;
    expect(await database.query('select from bulk_operation where created_by_id = $1', [ctx.actor.id])).toEqual([]);
  });
});

describe('enabling many', () => {
  test('lifts what the caller may lift, and refuses where a higher authority holds it alone', async ({
    world,
    fleet,
  }) => {
    const [one, two, three] = fleet;
    if (one === undefined || two === undefined || three === undefined) throw new Error('a fleet of three');
    await disableAs(world, 'providerAdmin', [one, two]);
    await disableAs(world, 'platformSupport', [two, three]);
    const target = bulkTarget([...fleet, world.organization], { atomicity: 'PER_ORGANIZATION' });
    const { operation, results } = await command(world.as(world.providerSupport), 'ENABLE_API_KEY', target);
    expect(operation).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', changed: 2, unchanged: 1, refused: 1 });
    expect(results.filter(({ outcome }) => outcome === 'REFUSED')).toMatchObject([
      { organizationId: three.organizationId, code: 'FORBIDDEN' },
    ]);
    const left = await world.keyward.database.query(
      'select organization_id as id, source from disablement where organization_id = any ($1) order by id',
      [fleet.map(({ organizationId }) => organizationId)],
    );
    const ids = [two, three].map(({ organizationId }) => organizationId).sort();
    expect(left).toEqual(ids.map((id) => ({ id, source: 'PLATFORM' })));
  });
});

describe('regenerating many', () => {
  test('gives each a string of its own, and shows none', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const shared = bulkTarget(fleet);
    await command(ctx, 'SYNC_API_KEY', shared);
    const before = await readStrings(services, fleet);
    const ref = await regenerateApiKeys(ctx, { ...shared, keyKind });
    const after = await readStrings(services, fleet);
    expect(new Set([...before, ...after]).size).toBe(1 + fleet.length);
    const operation = await readOperation(ctx, ref);
    const told = JSON.stringify([ref, operation, await readResults(ctx, operation)]);
    for (const string of after) expect(told).not.toContain(string);
  });

  test('refuses an empty slot, a disabled one and an ended subscription, and changes nothing', async ({
    world,
    fleet,
  }) => {
    const [one, two] = fleet;
    if (one === undefined || two === undefined) throw new Error('a fleet of three');
    await deleteApiKey(world.as(world.providerAdmin), keyInput(one));
    await disableAs(world, 'providerAdmin', [two]);
    const before = await readStrings(world.keyward.services, fleet);
    const { operation, results } = await command(world.as(world.parentAdmin), 'REGENERATE_API_KEY', bulkTarget(fleet));
    expect(operation).toMatchObject({ status: 'FAILED', changed: 0, refused: 2 });
    expect(results.map(({ code }) => code).sort()).toEqual(['KEY_DISABLED', 'KEY_NOT_FOUND']);
    expect(await readStrings(world.keyward.services, fleet)).toEqual(before);
  });

  test('reaches sandbox keys, which cannot be edited', async ({ world, fleet }) => {
    const kind = 'SANDBOX_SUBMISSION';
    for (const ref of fleet) await commands.ADD(world.as(world.providerAdmin), commandInput(ref, { kind }));
    const before = await readStrings(world.keyward.services, fleet);
    const ctx = world.as(world.providerAdmin);
    const ref = await regenerateApiKeys(ctx, { ...bulkTarget(fleet), keyKind: kind });
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: 3 });
    expect(await readStrings(world.keyward.services, fleet)).toEqual(before);
    const rows = await world.keyward.database.query(
      'select distinct version from api_key where kind = $1 and organization_id = any ($2)',
      [kind, fleet.map(({ organizationId }) => organizationId)],
    );
    expect(rows).toEqual([{ version: 2 }]);
  });
});

describe('renewing many', () => {
  test('makes keys work again that an ended subscription disabled, and lengthens the others', async ({
    world,
    fleet,
  }) => {
    const [ended] = fleet;
    if (ended === undefined) throw new Error('an empty fleet');
    const { database, services } = world.keyward;
    const kept = await readString(services, ended);
    await database.query(
      `update subscription set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' where organization_id = $1`,
      [ended.organizationId],
    );
    const filter = { ...WHOLE_FLEET, organizations: fleet, disablementSource: ['SUBSCRIPTION_EXPIRED'] as const };
    const expired = () => command(world.as(world.providerAdmin), 'ENABLE_API_KEY', bulkTarget(null, { filter }));
    expect((await expired()).operation).toMatchObject({ total: 1, unchanged: 1 });
    const { operation } = await command(world.as(world.providerAdmin), 'RENEW_SUBSCRIPTION', bulkTarget(fleet));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', changed: 3 });
    await expect(expired()).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await readString(services, ended)).toBe(kept);
    const rows = await database.query('select distinct ends_at from subscription where organization_id = any ($1)', [
      fleet.map(({ organizationId }) => organizationId),
    ]);
    expect(rows).toEqual([{ ends_at: RENEWED }]);
  });

  test('leaves alone what ends at that instant already, and refuses to shorten', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const { platformAdmin, reseller } = world.tenants;
    const same = await createTestOrganization(services, platformAdmin, reseller, { endsAt: RENEWED });
    const later = await createTestOrganization(services, platformAdmin, reseller, {
      endsAt: new Date(RENEWED.getTime() + YEAR_MS),
    });
    const target = bulkTarget([...fleet, same, later], { atomicity: 'PER_ORGANIZATION' });
    const { operation, results } = await command(world.as(world.providerAdmin), 'RENEW_SUBSCRIPTION', target);
    expect(operation).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', changed: 3, unchanged: 1, refused: 1 });
    expect(results.filter(({ outcome }) => outcome === 'REFUSED')).toMatchObject([
      { organizationId: later.organizationId, code: 'VALIDATION_FAILED' },
    ]);
  });

  test('refuses at once an end of the past, or out of reach, and starts nothing', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    for (const endsAt of [ctx.now, new Date(0), new Date(ctx.now.getTime() + 101 * YEAR_MS)]) {
      const refused = renewSubscriptions(ctx, { ...bulkTarget(fleet), endsAt });
      await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', field: ['endsAt'] });
    }
    const { database } = world.keyward;
    expect(await database.query('select from bulk_operation where created_by_id = $1', [ctx.actor.id])).toEqual([]);
  });
});

import { describe, expect } from 'vitest';
import { deleteApiKey, regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { findApiKeyDrift } from '../../../src/api-key-group/api-key-group.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import { createOrganizationGroup } from '../../../src/organization-group/organization-group.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { createTestOrganization, keyInput } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { byFilter, byHand } from '../../support/organization-groups.ts';
import { auditOf } from '../../support/rows.ts';
import { readString, readStrings, sync, syncInput } from '../../support/sync.ts';

/** Three more organizations of the reseller, each with a string of its own. */
const test = base.extend('others', async ({ world }) => {
  const { reseller, platformAdmin } = world.tenants;
  const make = () => createTestOrganization(world.keyward.services, platformAdmin, reseller);
  return [await make(), await make(), await make()] as const;
});

/** May sync, and may not see a string. */
function blindSyncer(world: KeyWorld) {
  const permissions = new Set(
    [...world.providerAdmin.permissions].filter((permission) => permission !== 'apiKey:reveal'),
  );
  return world.as({ ...world.providerAdmin, permissions });
}

describe('a sync that takes its string from an organization', () => {
  test('brings those in line that have drifted, shows the string to nobody, and tells where it came from', async ({
    world,
    others,
  }) => {
    const { services, database } = world.keyward;
    const { reseller } = world.tenants;
    const ctx = blindSyncer(world);
    const [one, two, three] = others;
    await sync(ctx, syncInput([one], { newKeyFrom: world.organization }));
    const drift = await findApiKeyDrift(ctx, reseller);
    expect(drift).toMatchObject({ largestGroup: { organizationCount: 2 }, driftedCount: 2 });
    const filter = { ...WHOLE_FLEET, fingerprintNot: drift?.largestGroup?.fingerprint ?? null };
    const rows = await auditOf(database, async () => {
      const { keyString, operation } = await sync(ctx, syncInput(null, { filter, newKeyFrom: one }));
      expect(keyString).toBeNull();
      expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 2, changed: 2 });
    });
    const strings = await readStrings(services, [world.organization, ...others]);
    expect(new Set(strings).size).toBe(1);
    expect(strings[0]).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(await findApiKeyDrift(ctx, reseller)).toMatchObject({ driftedCount: 0 });
    const of = (action: string) => rows.filter((row) => row.action === action).map((row) => row.organization_id);
    expect(of('api_key.copy')).toEqual([one.organizationId]);
    expect(of('api_key.sync').sort()).toEqual([two.organizationId, three.organizationId].sort());
    expect(of('api_key.reveal')).toEqual([]);
    const text = JSON.stringify(rows);
    expect(strings.filter((string) => string !== null && text.includes(string))).toEqual([]);
  });

  test('is not shown to those who could reveal it either, also when it is told again', async ({ world, others }) => {
    const input = syncInput([others[0]], { newKeyFrom: world.organization, idempotencyKey: 'again' });
    for (const _ of ['first', 'again']) {
      expect((await sync(world.as(world.providerAdmin), input)).keyString).toBeNull();
    }
  });

  test('goes to a saved group, and leaves the organization itself as it is', async ({ world, others }) => {
    const { reseller } = world.tenants;
    const ctx = blindSyncer(world);
    const { services } = world.keyward;
    const taken = await readString(services, world.organization);
    const group = await createOrganizationGroup(ctx, byHand(reseller, 'Some', [world.organization, others[0]]));
    const some = await sync(
      ctx,
      syncInput(null, { filter: { ...WHOLE_FLEET, group }, newKeyFrom: world.organization }),
    );
    expect(some.operation).toMatchObject({ total: 2, changed: 1, unchanged: 1 });
    const enabled = byFilter(reseller, 'Enabled', { apiKeyStatus: ['ENABLED'] });
    const all = await createOrganizationGroup(ctx, enabled);
    const rest = syncInput(null, { filter: { ...WHOLE_FLEET, group: all }, newKeyFrom: others[0] });
    expect((await sync(ctx, rest)).operation).toMatchObject({ total: 4, changed: 2, unchanged: 2 });
    expect(new Set(await readStrings(services, [world.organization, ...others]))).toEqual(new Set([taken]));
  });

  test('takes none from where the caller sees nothing, nor where there is none, nor together with another', async ({
    world,
    others,
  }) => {
    const { database, services } = world.keyward;
    const { otherReseller, foreignRoot, platformAdmin } = world.tenants;
    const ctx = world.as(world.providerAdmin);
    const { actor } = ctx;
    const trail = { rootProviderId: actor.home.rootProviderId, organizationId: null };
    const hidden = await Promise.all(
      [otherReseller, foreignRoot].map((provider) => createTestOrganization(services, platformAdmin, provider)),
    );
    const expected = { action: 'api_key.sync', actor, trail } as const;
    for (const newKeyFrom of [...hidden, 'UNKNOWN'] as const) {
      const call = () => sync(ctx, syncInput([others[0]], { newKeyFrom }));
      const { error } = await expectRefusal(database, { ...expected, code: 'NOT_FOUND' }, call);
      expect(error.field).toEqual(['newKeyFrom']);
    }
    const both = { newKeyFrom: world.organization, newKey: 'abcDEF123456' };
    expect(await refusalOf(() => sync(ctx, syncInput([others[0]], both)))).toMatchObject({ code: 'VALIDATION_FAILED' });
    await deleteApiKey(ctx, keyInput(others[1]));
    const call = () => sync(ctx, syncInput([others[0]], { newKeyFrom: others[1] }));
    await expectRefusal(database, { ...expected, code: 'KEY_NOT_FOUND' }, call);
  });

  test('by the platform goes to other roots too, each sealing it by its own keys', async ({ world }) => {
    const { services } = world.keyward;
    const { foreignRoot, platformAdmin } = world.tenants;
    const foreign = await createTestOrganization(services, platformAdmin, foreignRoot);
    const ctx = world.as(world.platformAdmin);
    await regenerateApiKey(world.as(world.providerAdmin), keyInput(world.organization));
    const { operation } = await sync(ctx, syncInput([foreign], { newKeyFrom: world.organization }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', changed: 1 });
    const [own, theirs] = await readStrings(services, [world.organization, foreign]);
    expect(theirs).toBe(own);
  });
});

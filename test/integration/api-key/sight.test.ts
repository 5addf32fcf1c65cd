import { describe, expect } from 'vitest';
import { type ApiKeyAction, apiKeyActions } from '../../../src/api-key/api-key.ts';
import { newId, type OrganizationRef } from '../../../src/ids.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { disableByProvider, emptySlot } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld, type Person, readSlot, test } from '../../support/key-world.ts';

/** Brings the slot where the action is allowed to those who see it. */
async function arrangeFor(action: ApiKeyAction, world: KeyWorld): Promise<void> {
  if (action === 'ADD') await emptySlot(world);
  if (action === 'ENABLE') await disableByProvider(world);
}

async function refusalOf(action: ApiKeyAction, world: KeyWorld, person: Person, organization: OrganizationRef | null) {
  const expected = {
    code: 'NOT_FOUND',
    action: `api_key.${action.toLowerCase()}`,
    actor: world[person],
    trail: world[person].home,
  } as const;
  const call = () => commands[action](world.as(world[person]), commandInput(organization));
  const { error, audit } = await expectRefusal(world.keyward.database, expected, call);
  return { code: error.code, message: error.message, field: error.field, target: audit.target };
}

describe('an organization out of sight answers as a missing one does, in the trail of who asked', () => {
  const strangers: readonly Person[] = ['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin'];
  const cases = apiKeyActions.flatMap((action) => strangers.map((person) => ({ action, person })));
  test.for(cases)('$action by $person', async ({ action, person }, { world }) => {
    await arrangeFor(action, world);
    const { target, ...existing } = await refusalOf(action, world, person, world.organization);
    const madeUp = { ...world.organization, organizationId: newId<'Organization'>() };
    expect(await refusalOf(action, world, person, madeUp)).toEqual({ ...existing, target: madeUp.organizationId });
    expect(await refusalOf(action, world, person, null)).toEqual({ ...existing, target: null });
    expect(target).toBe(world.organization.organizationId);
    expect(existing).toMatchObject({ code: 'NOT_FOUND', field: ['organizationId'] });
  });

  test.for(['providerSupport', 'orgViewer', 'providerViewer'] as const)(
    'also for %s, who may do hardly anything: what is not seen is not forbidden',
    async (person, { world }) => {
      const { tenants, keyward } = world;
      const foreign = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.foreignRoot);
      for (const action of apiKeyActions) await refusalOf(action, world, person, foreign);
    },
  );

  test('also when the id names the right organization under the wrong root', async ({ world }) => {
    const misplaced = { ...world.organization, rootProviderId: world.tenants.foreignRoot.rootProviderId };
    await refusalOf('REGENERATE', world, 'platformAdmin', misplaced);
    await refusalOf('REGENERATE', world, 'providerAdmin', misplaced);
  });
});

describe('what is below is in sight', () => {
  test.for(apiKeyActions)('%s by the provider above', async (action, { world }) => {
    await arrangeFor(action, world);
    const { version } = await readSlot(world);
    await commands[action](world.as(world.parentAdmin), commandInput(world.organization));
    expect((await readSlot(world)).version).toBe(action === 'REVEAL' ? version : version + 1);
  });

  test.for(['ADD', 'EDIT', 'REGENERATE', 'DELETE', 'REVEAL'] as const)(
    "%s by the organization's own admin",
    async (action, { world }) => {
      await arrangeFor(action, world);
      await commands[action](world.as(world.orgAdmin), commandInput(world.organization));
    },
  );
});

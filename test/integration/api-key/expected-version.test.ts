import { describe, expect } from 'vitest';
import { type ApiKeyAction, apiKeyActions } from '../../../src/api-key/api-key.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';
import { disableByProvider, emptySlot } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld, type Person, readSlot, test } from '../../support/key-world.ts';

async function arrangeFor(action: ApiKeyAction, world: KeyWorld): Promise<{ person: Person; version: number }> {
  if (action === 'ADD') await emptySlot(world);
  if (action === 'ENABLE') await disableByProvider(world);
  return { person: 'providerAdmin', version: (await readSlot(world)).version };
}

describe('expectedVersion', () => {
  test.for(apiKeyActions)('at the current version lets %s through', async (action, { world }) => {
    const { person, version } = await arrangeFor(action, world);
    await commands[action](world.as(world[person]), commandInput(world.organization, { expectedVersion: version }));
    expect((await readSlot(world)).version).toBe(action === 'REVEAL' ? version : version + 1);
  });

  const wrong = apiKeyActions.flatMap((action) => [-1, 1].map((distance) => ({ action, distance })));
  test.for(wrong)('off by $distance refuses $action with VERSION_CONFLICT', async ({ action, distance }, { world }) => {
    const { person, version } = await arrangeFor(action, world);
    const input = commandInput(world.organization, { expectedVersion: version + distance });
    const expected = {
      code: 'VERSION_CONFLICT',
      action: `api_key.${action.toLowerCase()}`,
      actor: world[person],
      trail: world.organization,
    } as const;
    const call = () => commands[action](world.as(world[person]), input);
    const { error } = await expectRefusal(world.keyward.database, expected, call);
    expect(error.message).toContain(`version ${version}`);
    expect(error.field).toEqual(['expectedVersion']);
  });

  test('tells nothing of a slot out of sight', async ({ world }) => {
    const call = () =>
      commands.EDIT(world.as(world.siblingAdmin), commandInput(world.organization, { expectedVersion: 99 }));
    await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

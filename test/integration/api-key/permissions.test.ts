import { describe, expect } from 'vitest';
import { type ApiKeyAction, apiKeyActions } from '../../../src/api-key/api-key.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';
import { disableByProvider } from '../../support/key-states.ts';
import { commandInput, commands, type Person, test } from '../../support/key-world.ts';

const changes: readonly ApiKeyAction[] = ['ADD', 'EDIT', 'REGENERATE', 'DELETE'];

/** The table of DOMAIN.md, "Who may do what", read from the other side. */
const forbidden: Readonly<Partial<Record<Person, readonly ApiKeyAction[]>>> = {
  orgAdmin: ['DISABLE', 'ENABLE'],
  orgViewer: apiKeyActions,
  providerSupport: [...changes, 'REVEAL'],
  providerViewer: apiKeyActions,
  platformAdmin: ['REVEAL'],
  platformSupport: [...changes, 'REVEAL'],
};

describe('what is seen but not to be touched is FORBIDDEN, and written down in the trail of the organization', () => {
  const people = Object.entries(forbidden) as [Person, readonly ApiKeyAction[]][];
  const cases = people.flatMap(([person, actions]) => actions.map((action) => ({ person, action })));
  test.for(cases)('$action by $person', async ({ person, action }, { world }) => {
    await disableByProvider(world);
    const expected = {
      code: 'FORBIDDEN',
      action: `api_key.${action.toLowerCase()}`,
      actor: world[person],
      trail: world.organization,
    } as const;
    const call = () => commands[action](world.as(world[person]), commandInput(world.organization));
    const { error } = await expectRefusal(world.keyward.database, expected, call);
    expect(error.isTopLevel).toBe(true);
  });
});

import { describe, expect } from 'vitest';
import { disableByPlatform, disableByProvider, emptySlot, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands, type Person, readSlot, test } from '../../support/key-world.ts';
import { auditOf, readRows } from '../../support/rows.ts';

const withReveal: readonly Person[] = ['orgAdmin', 'providerAdmin', 'parentAdmin'];

describe('reveal', () => {
  test.for(withReveal)('shows %s the string, and changes nothing', async (person, { world }) => {
    const { keyString } = await readSlot(world);
    const before = await readRows(world.keyward.database);
    const outcome = await commands.REVEAL(world.as(world[person]), commandInput(world.organization));
    expect(outcome.keyString?.expose()).toBe(keyString);
    expect(await readRows(world.keyward.database)).toEqual(before);
  });

  test('is one audit row without a state after', async ({ world }) => {
    const { version, fingerprint } = await readSlot(world);
    const rows = await auditOf(world.keyward.database, () =>
      commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization)),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'api_key.reveal',
      result: 'OK',
      before: { version, fingerprint },
      after: null,
    });
  });

  test('works while the key is disabled and the subscription has ended', async ({ world }) => {
    const { keyString } = await readSlot(world);
    await disableByProvider(world);
    await disableByPlatform(world);
    await endSubscription(world);
    const outcome = await commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization));
    expect(outcome.keyString?.expose()).toBe(keyString);
  });

  test('prints, logs and serialises as a mask', async ({ world }) => {
    const outcome = await commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization));
    expect(JSON.stringify(outcome)).not.toContain(outcome.keyString?.expose());
    expect(`${outcome.keyString}`).toBe('[secret]');
  });
});

describe('the string that a change brings', () => {
  test.for(['ADD', 'EDIT', 'REGENERATE'] as const)(
    'comes with %s to those who may reveal it',
    async (action, { world }) => {
      if (action === 'ADD') await emptySlot(world);
      const outcome = await commands[action](world.as(world.providerAdmin), commandInput(world.organization));
      expect(outcome.keyString?.expose()).toBe((await readSlot(world)).keyString);
    },
  );

  test.for(['ADD', 'EDIT', 'REGENERATE'] as const)(
    'does not come with %s to a platform administrator',
    async (action, { world }) => {
      if (action === 'ADD') await emptySlot(world);
      const outcome = await commands[action](world.as(world.platformAdmin), commandInput(world.organization));
      expect(outcome.keyString).toBeNull();
      expect((await readSlot(world)).keyString).not.toBeNull();
    },
  );
});

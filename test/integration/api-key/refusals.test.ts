import { describe, expect } from 'vitest';
import type { ApiKeyAction } from '../../../src/api-key/api-key.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';
import * as state from '../../support/key-states.ts';
import {
  type CommandInput,
  commandInput,
  commands,
  type KeyWorld,
  type Person,
  readSlot,
  test,
} from '../../support/key-world.ts';

interface Refusal {
  readonly action: ApiKeyAction;
  readonly code: ErrorCode;
  readonly when: string;
  readonly by?: Person;
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  readonly input?: Partial<CommandInput>;
  readonly field?: string;
}

async function disabledAndEmpty(world: KeyWorld): Promise<void> {
  await state.emptySlot(world);
  await state.disableByProvider(world);
}

async function emptyWithoutSubscription(world: KeyWorld): Promise<void> {
  await state.emptySlot(world);
  await state.takeSubscriptionAway(world);
}

async function emptyAndPostponed(world: KeyWorld): Promise<void> {
  await state.emptySlot(world);
  await state.postponeSubscription(world);
}

async function emptyAndEnded(world: KeyWorld): Promise<void> {
  await state.emptySlot(world);
  await state.endSubscription(world);
}

const sandbox = { kind: 'SANDBOX_SUBMISSION' } as const;
const ended = {
  code: 'SUBSCRIPTION_EXPIRED',
  when: 'the subscription has ended',
  arrange: state.endSubscription,
} as const;
const none = {
  code: 'SUBSCRIPTION_REQUIRED',
  when: 'there is no subscription',
  arrange: state.takeSubscriptionAway,
} as const;
const scheduled = {
  code: 'SUBSCRIPTION_NOT_STARTED',
  when: 'the subscription has not started',
  arrange: state.postponeSubscription,
} as const;
const empty = { code: 'KEY_NOT_FOUND', when: 'the slot is empty', arrange: state.emptySlot } as const;
const byProvider = {
  code: 'KEY_DISABLED',
  when: 'the provider has disabled it',
  arrange: state.disableByProvider,
} as const;
const byPlatform = {
  code: 'KEY_DISABLED',
  when: 'the platform has disabled it',
  arrange: state.disableByPlatform,
} as const;
const overThreshold = {
  code: 'KEY_DISABLED',
  when: 'the threshold was exceeded',
  arrange: state.exceedThreshold,
} as const;
const disabled = [byProvider, byPlatform, overThreshold];

/** The column "refused with" of DOMAIN.md, "Commands on a key". */
const refusals: readonly Refusal[] = [
  { action: 'ADD', code: 'KEY_EXISTS', when: 'the slot holds a key' },
  { action: 'ADD', code: 'KEY_DISABLED', when: 'the empty slot is disabled', arrange: disabledAndEmpty },
  { action: 'ADD', ...none, arrange: emptyWithoutSubscription },
  { action: 'ADD', ...scheduled, arrange: emptyAndPostponed },
  { action: 'ADD', ...ended, arrange: emptyAndEnded },

  { action: 'EDIT', ...empty },
  {
    action: 'EDIT',
    code: 'INVALID_KEY_FORMAT',
    when: 'the string is too short',
    input: { newKey: 'abcDEF12345' },
    field: 'newKey',
  },
  {
    action: 'EDIT',
    code: 'INVALID_KEY_FORMAT',
    when: 'the string is too long',
    input: { newKey: 'abcDEF1234567' },
    field: 'newKey',
  },
  {
    action: 'EDIT',
    code: 'INVALID_KEY_FORMAT',
    when: 'a line break follows the string',
    input: { newKey: 'abcDEF123456\n' },
    field: 'newKey',
  },
  {
    action: 'EDIT',
    code: 'INVALID_KEY_FORMAT',
    when: 'the string has a letter with an accent',
    input: { newKey: 'abcDEF12345é' },
    field: 'newKey',
  },
  {
    action: 'EDIT',
    code: 'KEY_NOT_EDITABLE',
    when: 'it is a sandbox key',
    arrange: state.addSandboxKey,
    input: sandbox,
  },
  ...disabled.map((refusal) => ({ action: 'EDIT' as const, ...refusal })),
  { action: 'EDIT', ...none },
  { action: 'EDIT', ...scheduled },
  { action: 'EDIT', ...ended },
  { action: 'EDIT', ...ended, by: 'providerAdmin' },

  ...(['REGENERATE', 'DELETE'] as const).flatMap((action) => [
    { action, ...empty },
    ...disabled.map((refusal) => ({ action, ...refusal })),
    { action, ...byProvider, by: 'providerAdmin' as const },
    { action, ...byPlatform, by: 'platformAdmin' as const },
    { action, ...none },
    { action, ...scheduled },
    { action, ...ended },
  ]),

  { action: 'REVEAL', ...empty },

  {
    action: 'DISABLE',
    code: 'ALREADY_DISABLED',
    when: 'the provider disabled it before',
    by: 'parentAdmin',
    arrange: state.disableByProvider,
  },
  {
    action: 'DISABLE',
    code: 'ALREADY_DISABLED',
    when: 'the platform disabled it before',
    by: 'platformAdmin',
    arrange: state.disableByPlatform,
  },
  {
    action: 'DISABLE',
    code: 'NOTE_REQUIRED',
    when: 'the reason is OTHER and there is no note',
    by: 'providerAdmin',
    input: { reason: 'OTHER', note: ' ' },
    field: 'note',
  },
  {
    action: 'DISABLE',
    code: 'VALIDATION_FAILED',
    when: 'the reason is the derived one',
    by: 'providerAdmin',
    input: { reason: 'SUBSCRIPTION_EXPIRED' },
    field: 'reason',
  },
  {
    action: 'DISABLE',
    code: 'VALIDATION_FAILED',
    when: 'the note is too long',
    by: 'providerAdmin',
    input: { note: 'x'.repeat(2001) },
    field: 'note',
  },

  { action: 'ENABLE', code: 'NOT_DISABLED', when: 'nothing disables it', by: 'providerAdmin' },
  {
    action: 'ENABLE',
    code: 'NOT_DISABLED',
    when: 'only the ended subscription disables it',
    by: 'providerAdmin',
    arrange: state.endSubscription,
  },
  {
    action: 'ENABLE',
    code: 'FORBIDDEN',
    when: 'only the platform disables it',
    by: 'providerAdmin',
    arrange: state.disableByPlatform,
  },
  {
    action: 'ENABLE',
    code: 'NOTE_REQUIRED',
    when: 'there is no note',
    by: 'providerAdmin',
    arrange: state.disableByProvider,
    input: { note: '' },
    field: 'note',
  },
];

describe('a refused command changes nothing and is one audit row of the organization', () => {
  const cases = refusals.map(({ by = 'orgAdmin' as const, ...refusal }) => ({ ...refusal, by }));
  test.for(cases)(
    '$action by $by is refused with $code: $when',
    async ({ action, by, code, arrange, input, field }, { world }) => {
      await arrange?.(world);
      const call = () => commands[action](world.as(world[by]), commandInput(world.organization, input));
      const expected = { code, action: `api_key.${action.toLowerCase()}`, actor: world[by], trail: world.organization };
      const { error, audit } = await expectRefusal(world.keyward.database, expected, call);
      expect(error.field).toEqual(field === undefined ? null : [field]);
      expect(audit.target).toBe(world.organization.organizationId);
    },
  );

  test('EDIT with the current string is refused with KEY_UNCHANGED, without saying it', async ({ world }) => {
    const { keyString } = await readSlot(world);
    const newKey = keyString ?? '';
    const expected = {
      code: 'KEY_UNCHANGED',
      action: 'api_key.edit',
      actor: world.orgAdmin,
      trail: world.organization,
    } as const;
    const call = () => commands.EDIT(world.as(world.orgAdmin), commandInput(world.organization, { newKey }));
    const { error, audit } = await expectRefusal(world.keyward.database, expected, call);
    expect(`${error.message}${JSON.stringify(audit)}`).not.toContain(newKey);
  });
});

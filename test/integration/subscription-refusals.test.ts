import { describe, expect } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import { newId, type OrganizationRef } from '../../src/ids.ts';
import {
  type ApplySubscription,
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../src/subscription/subscription.service.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { YEAR_MS } from '../support/fixtures.ts';
import { endSubscription, takeSubscriptionAway } from '../support/key-states.ts';
import { type KeyWorld, type Person, test } from '../support/key-world.ts';
import { change, offer } from '../support/subscriptions.ts';

interface Refusal {
  readonly code: ErrorCode;
  readonly when: string;
  readonly by?: Person;
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  readonly call: (world: KeyWorld, person: Person) => Promise<unknown>;
}

const later = () => new Date(Date.now() + 2 * YEAR_MS);
const apply = (more: Partial<ApplySubscription>) => (world: KeyWorld, by: Person) =>
  applySubscription(world.as(world[by]), offer(world.organization, more));
const renew =
  (endsAt: () => Date, expectedVersion: number | null = null) =>
  (world: KeyWorld, by: Person) =>
    renewSubscription(world.as(world[by]), { ...change(world.organization), endsAt: endsAt(), expectedVersion });
const cancel =
  (expectedVersion: number | null = null) =>
  (world: KeyWorld, by: Person) =>
    cancelSubscription(world.as(world[by]), { ...change(world.organization), expectedVersion });

const refusals: readonly (Refusal & { readonly action: string })[] = [
  { action: 'apply', code: 'SUBSCRIPTION_EXISTS', when: 'one is active', call: apply({}) },
  {
    action: 'apply',
    code: 'VALIDATION_FAILED',
    when: 'the end has passed',
    arrange: endSubscription,
    call: apply({ endsAt: new Date(0) }),
  },
  {
    action: 'apply',
    code: 'VALIDATION_FAILED',
    when: 'the end comes before the start',
    arrange: endSubscription,
    call: apply({ startsAt: later() }),
  },
  {
    action: 'apply',
    code: 'VALIDATION_FAILED',
    when: 'a threshold has no period',
    arrange: endSubscription,
    call: apply({ callThreshold: 5 }),
  },
  {
    action: 'apply',
    code: 'VALIDATION_FAILED',
    when: 'the plan is blank',
    arrange: endSubscription,
    call: apply({ plan: ' ' }),
  },
  { action: 'apply', code: 'FORBIDDEN', when: 'the organization asks', by: 'orgAdmin', call: apply({}) },
  {
    action: 'renew',
    code: 'VALIDATION_FAILED',
    when: 'it lasts longer already',
    call: renew(() => new Date(Date.now() + 60_000)),
  },
  {
    action: 'renew',
    code: 'VALIDATION_FAILED',
    when: 'the end lies 200 years ahead',
    call: renew(() => new Date(Date.now() + 200 * YEAR_MS)),
  },
  {
    action: 'renew',
    code: 'SUBSCRIPTION_REQUIRED',
    when: 'there is none',
    arrange: takeSubscriptionAway,
    call: renew(later),
  },
  { action: 'renew', code: 'VERSION_CONFLICT', when: 'it has moved', call: renew(later, 7) },
  { action: 'renew', code: 'FORBIDDEN', when: 'support asks', by: 'providerSupport', call: renew(later) },
  { action: 'cancel', code: 'SUBSCRIPTION_EXPIRED', when: 'it has ended', arrange: endSubscription, call: cancel() },
  {
    action: 'cancel',
    code: 'SUBSCRIPTION_REQUIRED',
    when: 'there is none',
    arrange: takeSubscriptionAway,
    call: cancel(),
  },
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

  test.for(['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin'] as const)(
    "alike for %s as for nobody's id",
    async (by, { world }) => {
      const { database } = world.keyward;
      const ids = [world.organization, { ...world.organization, organizationId: newId<'Organization'>() }, null];
      const asked = ids.flatMap((organization) => {
        const other = { ...world, organization: organization as OrganizationRef };
        return [
          ['apply', apply({})],
          ['renew', renew(later)],
          ['cancel', cancel()],
        ].map(([action, call]) => ({ action, call, other }));
      });
      const answers = new Set<string>();
      for (const { action, call, other } of asked) {
        const expected = {
          code: 'NOT_FOUND',
          action: `subscription.${String(action)}`,
          actor: world[by],
          trail: world[by].home,
        } as const;
        const { error } = await expectRefusal(database, expected, () => (call as Refusal['call'])(other, by));
        answers.add(`${error.code} ${error.message} ${String(error.field)}`);
      }
      expect(answers.size).toBe(1);
    },
  );
});

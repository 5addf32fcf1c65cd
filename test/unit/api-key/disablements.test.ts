import { describe, expect, test } from 'vitest';
import type { ApiKeySlot } from '../../../src/api-key/api-key-slot.ts';
import { type StoredDisablement, sealingContext } from '../../../src/api-key/api-key-slot.ts';
import { allDisablements } from '../../../src/api-key/disablements.ts';
import { newId } from '../../../src/ids.ts';
import { organizationRow } from '../identity/actors.ts';
import { NOW, situations } from './cases.ts';

const stored: readonly StoredDisablement[] = [
  { source: 'PLATFORM', reason: 'OTHER', note: 'why', at: NOW, byId: newId<'StaffMember'>(), byName: 'Ann' },
];

function slotUnder(subscription: string): ApiKeySlot {
  const situation = situations.find(({ facts }) => facts.subscription === subscription);
  if (situation === undefined) throw new Error(`no slot under a subscription ${subscription}`);
  return {
    ...{ ...situation.slot, ...organizationRow, organizationId: newId<'Organization'>(), version: 1, lastFour: null },
    ...{ createdAt: null, lastModifiedAt: null, lastModifiedById: null, lastModifiedByName: null },
  };
}

describe('all disablements', () => {
  test.each(['none', 'scheduled', 'active'])(
    'are those that are kept, under a subscription that is %s',
    (subscription) => {
      expect(allDisablements(slotUnder(subscription), stored, NOW)).toEqual(stored);
      expect(allDisablements(slotUnder(subscription), [], NOW)).toEqual([]);
    },
  );

  test.each([
    ['expired', 'endsAt'],
    ['again', 'previousEndedAt'],
  ] as const)('are one more under a subscription that is %s: by the system, since it ended', (subscription, end) => {
    const slot = slotUnder(subscription);
    const derived = {
      ...{ source: 'SUBSCRIPTION_EXPIRED', reason: 'SUBSCRIPTION_EXPIRED', note: null },
      ...{ at: slot.subscription?.[end], byId: null, byName: 'System' },
    };
    expect(allDisablements(slot, stored, NOW)).toEqual([...stored, derived]);
  });
});

test('a string is sealed for one root provider, organization, kind and version alone', () => {
  const ref = {
    rootProviderId: newId<'ServiceProvider'>(),
    organizationId: newId<'Organization'>(),
    kind: 'CLOUD_SERVICE',
  } as const;
  const contexts = [
    sealingContext(ref, 1),
    sealingContext(ref, 2),
    sealingContext({ ...ref, kind: 'SANDBOX_SUBMISSION' }, 1),
    sealingContext({ ...ref, rootProviderId: newId<'ServiceProvider'>() }, 1),
    sealingContext({ ...ref, organizationId: newId<'Organization'>() }, 1),
  ];
  expect(new Set(contexts).size).toBe(contexts.length);
});

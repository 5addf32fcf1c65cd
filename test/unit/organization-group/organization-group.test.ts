import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiKeyStatuses, disablementSourceNames } from '../../../src/api-key/api-key.ts';
import { rotationStates } from '../../../src/api-key/key-age.ts';
import { type SavedFilter, WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import { parseSavedFilter } from '../../../src/fleet/saved-filter.ts';
import { newId } from '../../../src/ids.ts';
import {
  type GroupKind,
  groupKinds,
  kindToCreate,
  MOST_MEMBERS,
  refuseOtherKind,
  refuseTooMany,
} from '../../../src/organization-group/organization-group.ts';
import { savableFilter } from '../../../src/organization-group/savable-filter.ts';
import { subscriptionStatuses } from '../../../src/subscription/subscription.ts';
import { refusalOf } from '../refusal.ts';

const FINGERPRINT = '0123456789abcdef'.repeat(4);
const invalid = (...field: string[]) => ({ code: 'VALIDATION_FAILED', field });

describe('a new group', () => {
  test('is by hand or by filter, never both and never neither', () => {
    expect(kindToCreate({ members: [], filter: null })).toBe('BY_HAND');
    expect(kindToCreate({ members: null, filter: {} })).toBe('BY_FILTER');
    for (const given of [
      { members: null, filter: null },
      { members: [], filter: {} },
    ]) {
      expect(refusalOf(() => kindToCreate(given))).toMatchObject(invalid('organizationIds'));
    }
  });
});

describe('a group that is changed', () => {
  const nothing = { filter: null, add: [], remove: [] };
  test.each([
    ['BY_HAND', { ...nothing, filter: {} }, 'filter'],
    ['BY_FILTER', { ...nothing, add: [1] }, 'addOrganizationIds'],
    ['BY_FILTER', { ...nothing, remove: [1] }, 'removeOrganizationIds'],
  ] as const)('%s keeps its kind', (kind, change, field) => {
    expect(refusalOf(() => refuseOtherKind(kind, change))).toMatchObject(invalid(field));
    const other: GroupKind = kind === 'BY_HAND' ? 'BY_FILTER' : 'BY_HAND';
    expect(() => refuseOtherKind(other, change)).not.toThrow();
  });

  test.each(groupKinds)('%s may also be left as it is', (kind) => {
    expect(() => refuseOtherKind(kind, nothing)).not.toThrow();
  });

  test('holds as many as it may, and not one more', () => {
    expect(() => refuseTooMany('addOrganizationIds', MOST_MEMBERS)).not.toThrow();
    const more = refusalOf(() => refuseTooMany('addOrganizationIds', MOST_MEMBERS + 1));
    expect(more).toMatchObject(invalid('addOrganizationIds'));
  });
});

const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const instants = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') });
const filters: fc.Arbitrary<SavedFilter> = fc.record({
  search: orNull(fc.string({ unit: 'grapheme', maxLength: 50 }).filter((text) => !text.includes('\0'))),
  serviceProvider: orNull(
    fc.constant(null).map(() => ({
      rootProviderId: newId<'ServiceProvider'>(),
      serviceProviderId: newId<'ServiceProvider'>(),
    })),
  ),
  apiKeyStatus: orNull(fc.subarray([...apiKeyStatuses])),
  disablementSource: orNull(fc.subarray([...disablementSourceNames])),
  subscriptionStatus: orNull(fc.subarray([...subscriptionStatuses])),
  fingerprint: orNull(fc.constant(FINGERPRINT)),
  fingerprintNot: orNull(fc.constant(FINGERPRINT)),
  subscriptionEndsBefore: orNull(instants),
  keyModifiedSince: orNull(instants),
  keyModifiedBefore: orNull(instants),
  thresholdUsedPercentAtLeast: orNull(fc.integer({ min: 1, max: 100 })),
  rotation: orNull(fc.subarray([...rotationStates])),
});

describe('the filter of a group', () => {
  test('is the same after it was kept', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const saved = savableFilter({ ...WHOLE_FLEET, ...filter });
        expect(saved).toEqual(filter);
        expect(parseSavedFilter(JSON.parse(JSON.stringify(saved)))).toEqual(filter);
      }),
    );
  });

  test.each([
    ['ids', { organizations: [] }],
    [
      'groupId',
      { group: { rootProviderId: newId<'ServiceProvider'>(), organizationGroupId: newId<'OrganizationGroup'>() } },
    ],
    ['search', { search: 'x'.repeat(201) }],
    ['search', { search: 'a\0' }],
    ['search', { search: '\ud800' }],
    ['fingerprint', { fingerprint: 'a\0' }],
    ['fingerprint', { fingerprint: FINGERPRINT.toUpperCase() }],
    ['fingerprintNot', { fingerprintNot: `${FINGERPRINT}00` }],
  ])('has no bad %s', (field, bad) => {
    expect(refusalOf(() => savableFilter({ ...WHOLE_FLEET, ...bad }))).toMatchObject(invalid('filter', field));
  });

  test('is not taken from the database when somebody else wrote it', () => {
    const { organizations: _, group: __, ...saved } = WHOLE_FLEET;
    expect(parseSavedFilter(saved)).toEqual(saved);
    const { subscriptionEndsBefore: ___, keyModifiedSince: ____, keyModifiedBefore: _____, ...fromBefore } = saved;
    const { thresholdUsedPercentAtLeast: ______, rotation: _______, ...fromBeforeUsage } = fromBefore;
    expect(parseSavedFilter(fromBefore)).toEqual(saved);
    expect(parseSavedFilter(fromBeforeUsage)).toEqual(saved);
    const others = [{}, [], 'true', { ...saved, more: null }, { ...saved, apiKeyStatus: ['OFF'] }];
    const provider = { rootProviderId: "'", serviceProviderId: newId() };
    for (const other of [...others, { ...saved, serviceProvider: provider }]) {
      expect(() => parseSavedFilter(other)).toThrow();
    }
  });
});

import { describe, expect, test } from 'vitest';
import {
  APPROVAL_EXPIRES_AFTER_MS,
  type Approval,
  approvalAt,
  approvalFor,
  kindsToDecide,
  mayDecide,
  NO_APPROVAL,
  parseDecisionNote,
  refuseClosed,
  refuseDecider,
  refuseUnseen,
} from '../../../src/bulk-operation/approval.ts';
import { approvalStatuses, bulkOperationKinds } from '../../../src/bulk-operation/bulk-operation.ts';
import { type Actor, SYSTEM_ACTOR } from '../../../src/identity/actor.ts';
import { permissionsOf } from '../../../src/identity/permissions.ts';
import { newId, type StaffMemberId } from '../../../src/ids.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const EXPIRY = new Date(NOW.getTime() + APPROVAL_EXPIRES_AFTER_MS);
const waiting: Approval = { ...NO_APPROVAL, approval: 'PENDING', approvalExpiresAt: EXPIRY };

describe('somebody else has to approve', () => {
  test.each([
    ['nobody asks for it', 100_000, [], false],
    ['it is as many as one may do alone', 10, [10], false],
    ['it is one more', 11, [10], true],
    ['every operation is to wait', 1, [0], true],
    ['the strictest of several asks for it', 11, [500, 10, 2000], true],
    ['a reseller allows more than the provider above', 600, [500, 1_000_000], true],
    ['the reseller is the stricter one', 3, [1_000_000, 2], true],
    ['none of several asks for it', 2, [500, 2], false],
  ] as const)('%s: %i organizations, %j', (_, total, limits, isWaiting) => {
    const expected = isWaiting ? waiting : NO_APPROVAL;
    expect(approvalFor({ total, dryRun: false }, limits, NOW)).toEqual(expected);
    expect(approvalFor({ total, dryRun: true }, limits, NOW)).toEqual(NO_APPROVAL);
  });
});

describe('what waits', () => {
  test('is open until it expires, by the clock alone', () => {
    expect(approvalAt(waiting, NOW)).toBe('PENDING');
    expect(approvalAt(waiting, new Date(EXPIRY.getTime() - 1))).toBe('PENDING');
    expect(approvalAt(waiting, EXPIRY)).toBe('EXPIRED');
  });

  test('has an end that the clock does not change', () => {
    for (const approval of approvalStatuses.filter((status) => status !== 'PENDING')) {
      expect(approvalAt({ ...waiting, approval }, new Date(EXPIRY.getTime() + 1))).toBe(approval);
    }
    expect(approvalAt(NO_APPROVAL, EXPIRY)).toBeNull();
  });

  test('is decided once, and in time', () => {
    const closed = expect.objectContaining({ code: 'APPROVAL_CLOSED' });
    expect(() => refuseClosed(waiting, NOW)).not.toThrow();
    expect(() => refuseClosed(waiting, EXPIRY)).toThrow(closed);
    expect(() => refuseClosed(NO_APPROVAL, NOW)).toThrow(closed);
    for (const approval of approvalStatuses.filter((status) => status !== 'PENDING')) {
      expect(() => refuseClosed({ ...waiting, approval }, NOW)).toThrow(closed);
    }
  });

  test('is approved by those who could look at what it would do', () => {
    const operation = { ...waiting, kind: 'SYNC_API_KEY', createdById: null, total: 3 } as const;
    expect(() => refuseUnseen({ ...operation, doneThrough: 3 })).not.toThrow();
    for (const doneThrough of [0, 2]) {
      expect(() => refuseUnseen({ ...operation, doneThrough })).toThrow(
        expect.objectContaining({ code: 'APPROVAL_NOT_READY' }),
      );
    }
  });

  test('is rejected with a reason, and approved with or without', () => {
    expect(parseDecisionNote('APPROVED', null)).toBeNull();
    expect(parseDecisionNote('APPROVED', ' fine ')).toBe('fine');
    expect(parseDecisionNote('REJECTED', 'too many')).toBe('too many');
    for (const note of [null, '', ' \n ']) {
      expect(() => parseDecisionNote('REJECTED', note)).toThrow(expect.objectContaining({ code: 'NOTE_REQUIRED' }));
    }
  });
});

describe('whoever decides', () => {
  const person: Actor = {
    ...SYSTEM_ACTOR,
    id: newId<'StaffMember'>(),
    role: 'PROVIDER_ADMIN',
    authority: 'SERVICE_PROVIDER',
    permissions: permissionsOf('PROVIDER_ADMIN'),
  };
  const byOther = { createdById: newId<'StaffMember'>() as StaffMemberId };
  const operation = { ...waiting, ...byOther, kind: 'SYNC_API_KEY', total: 1, doneThrough: 1 } as const;

  test.each([
    ['another person of the provider', person, null],
    ['a person of the platform', { ...person, role: 'PLATFORM_ADMIN', authority: 'PLATFORM' as const }, null],
    ['whoever started it', { ...person, id: byOther.createdById }, /started this yourself/],
    ['a service account', { ...person, role: 'SERVICE_ACCOUNT' }, /Only a person/],
    ['the system', SYSTEM_ACTOR, /Only a person/],
    ['staff of an organization', { ...person, authority: 'ORGANIZATION' as const }, /service provider/],
    ['somebody under a delegation', { ...person, onBehalfOf: 'Acme' }, /not lent/],
  ])('%s', (_, actor: Actor, objection) => {
    const decide = () => refuseDecider(actor, byOther);
    if (objection === null) expect(decide).not.toThrow();
    else
      expect(decide).toThrow(expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringMatching(objection) }));
    expect(mayDecide(actor, operation, NOW)).toBe(objection === null);
  });

  test('may decide about what they could start themselves', () => {
    const support = { ...person, permissions: permissionsOf('PROVIDER_SUPPORT') };
    expect(kindsToDecide(person)).toEqual(bulkOperationKinds);
    expect(kindsToDecide(support)).toEqual(['DISABLE_API_KEY', 'ENABLE_API_KEY']);
    expect(kindsToDecide({ ...person, role: 'SERVICE_ACCOUNT' })).toEqual([]);
    expect(mayDecide(support, operation, NOW)).toBe(false);
    expect(mayDecide(support, { ...operation, kind: 'DISABLE_API_KEY' }, NOW)).toBe(true);
    expect(mayDecide(person, operation, EXPIRY)).toBe(false);
    expect(mayDecide(person, { ...operation, approval: 'APPROVED' }, NOW)).toBe(false);
  });
});

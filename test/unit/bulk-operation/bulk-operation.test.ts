import { describe, expect, test } from 'vitest';
import {
  bulkOperationStatuses,
  changedThrough,
  decideItem,
  finalStatus,
  isFinished,
  MOST_TARGETS,
  processedOf,
  refuseBadTotal,
  refuseFinished,
  shownStatus,
} from '../../../src/bulk-operation/bulk-operation.ts';
import { DomainError, type ErrorCode, errorCodes } from '../../../src/errors.ts';

const tally = (changed: number, unchanged: number, refused: number) => ({ changed, unchanged, refused });

describe('an operation that went through all its organizations', () => {
  test.each([
    ['ALL_OR_NOTHING', tally(3, 0, 0), 'SUCCEEDED'],
    ['ALL_OR_NOTHING', tally(0, 3, 0), 'SUCCEEDED'],
    ['ALL_OR_NOTHING', tally(2, 0, 1), 'FAILED'],
    ['PER_ORGANIZATION', tally(3, 0, 0), 'SUCCEEDED'],
    ['PER_ORGANIZATION', tally(0, 3, 0), 'SUCCEEDED'],
    ['PER_ORGANIZATION', tally(2, 0, 1), 'PARTIALLY_SUCCEEDED'],
    ['PER_ORGANIZATION', tally(0, 2, 1), 'PARTIALLY_SUCCEEDED'],
    ['PER_ORGANIZATION', tally(0, 0, 3), 'FAILED'],
  ] as const)('%s with %o is %s', (atomicity, counts, status) => {
    expect(finalStatus(atomicity, counts)).toBe(status);
  });
});

describe('an organization that the single command would refuse', () => {
  const decided = (code: ErrorCode) =>
    decideItem(() => {
      throw new DomainError(code, 'why');
    });

  test.each(['KEY_UNCHANGED', 'ALREADY_DISABLED', 'NOT_DISABLED'] as const)('for %s is left as it is', (code) => {
    expect(decided(code)).toEqual({ outcome: 'UNCHANGED' });
  });

  test.each(errorCodes.filter((code) => !/^(KEY_UNCHANGED|ALREADY_DISABLED|NOT_DISABLED)$/.test(code)))(
    'for %s is refused with it',
    (code) => expect(decided(code)).toEqual({ outcome: 'REFUSED', code, message: 'why' }),
  );

  test('fails with what is no refusal', () => {
    const fails = () => {
      throw new TypeError('broken');
    };
    expect(() => decideItem(fails)).toThrow('broken');
  });
});

test('only what has not ended can be cancelled', () => {
  for (const status of bulkOperationStatuses) {
    if (isFinished(status)) {
      expect(() => refuseFinished(status)).toThrow(expect.objectContaining({ code: 'OPERATION_NOT_CANCELLABLE' }));
    } else expect(() => refuseFinished(status)).not.toThrow();
  }
  expect(bulkOperationStatuses.filter((status) => !isFinished(status))).toEqual(['PENDING', 'RUNNING']);
});

test.each([
  [0, 'VALIDATION_FAILED'],
  [MOST_TARGETS + 1, 'TOO_MANY_TARGETS'],
])('a target of %i is refused with %s', (total, code) => {
  expect(() => refuseBadTotal(total)).toThrow(expect.objectContaining({ code }));
});

test.each([1, MOST_TARGETS])('a target of %i is none too few or too many', (total) => {
  expect(() => refuseBadTotal(total)).not.toThrow();
});

describe('what is known of an operation under way', () => {
  const doneThrough = 2;
  const counts = { ...tally(1, 1, 0), doneThrough, approval: null, runAt: null };

  test('all at once, nothing is changed before its end, and progress is what was staged', () => {
    const running = { atomicity: 'ALL_OR_NOTHING', status: 'RUNNING', ...counts, ...tally(0, 0, 0) } as const;
    expect(changedThrough(running)).toBe(0);
    expect(processedOf(running)).toBe(doneThrough);
    expect(changedThrough({ ...running, status: 'SUCCEEDED' })).toBe(doneThrough);
  });

  test('one by one, what was gone through is done', () => {
    const running = { atomicity: 'PER_ORGANIZATION', status: 'RUNNING', ...counts } as const;
    expect(changedThrough(running)).toBe(doneThrough);
    expect(processedOf(running)).toBe(2);
  });

  test.each(['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const)(
    'while it waits for approval %s, its dry run tells what would be, and nothing was gone through',
    (atomicity) => {
      const waiting = { atomicity, status: 'PENDING', ...counts, approval: 'PENDING' } as const;
      expect(changedThrough(waiting)).toBe(doneThrough);
      expect(processedOf(waiting)).toBe(0);
      const approved = { ...waiting, ...tally(0, 0, 0), doneThrough: 0, approval: 'APPROVED' } as const;
      expect([changedThrough(approved), processedOf(approved)]).toEqual([0, 0]);
    },
  );

  test.each(['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const)('so it is while it waits for its time %s', (atomicity) => {
    const planned = { atomicity, status: 'PENDING', ...counts, runAt: new Date(0) } as const;
    expect([changedThrough(planned), processedOf(planned)]).toEqual([doneThrough, 0]);
    expect(shownStatus(planned)).toBe('PLANNED');
    expect(shownStatus({ ...planned, approval: 'PENDING' })).toBe('PENDING');
    expect(shownStatus({ ...planned, status: 'RUNNING' })).toBe('RUNNING');
  });
});

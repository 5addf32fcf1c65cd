import { expect, test } from 'vitest';
import { Failures } from '../../../src/bulk-operation/failures.ts';
import { newId } from '../../../src/ids.ts';

const refOf = () => ({ rootProviderId: newId<'ServiceProvider'>(), bulkOperationId: newId<'BulkOperation'>() });

test('what fails is tried again after longer and longer pauses, and given up in the end', () => {
  const failures = new Failures();
  const ref = refOf();
  const pauses: number[] = [];
  let now = 0;
  while (!failures.isOneTooMany(ref, now)) {
    const failedAt = now;
    while (!failures.mayTry(ref, now)) now += 100;
    pauses.push(now - failedAt);
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

test('each is counted on its own, and anew once it went on', () => {
  const failures = new Failures({ most: 2 });
  const [one, other] = [refOf(), refOf()];
  expect(failures.isOneTooMany(one, 0)).toBe(false);
  expect(failures.mayTry(other, 0)).toBe(true);
  expect(failures.isOneTooMany(other, 0)).toBe(false);
  failures.forget(one);
  expect(failures.mayTry(one, 0)).toBe(true);
  expect(failures.isOneTooMany(one, 0)).toBe(false);
  expect(failures.isOneTooMany(other, 0)).toBe(true);
});

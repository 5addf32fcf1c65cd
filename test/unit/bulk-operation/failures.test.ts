import { expect, test } from 'vitest';
import { Failures } from '../../../src/bulk-operation/failures.ts';
import { newId } from '../../../src/ids.ts';

const refOf = () => ({ rootProviderId: newId<'ServiceProvider'>(), bulkOperationId: newId<'BulkOperation'>() });

test('what fails is tried again after longer and longer pauses, and given up in the end', () => {
  const failures = new Failures();
  const ref = refOf();
  const pauses: number[] = [];
  let now = 0;
  while (!failures.isOneTooMany(ref, now, 'FAULT')) {
    const failedAt = now;
    while (!failures.mayTry(ref, now)) now += 100;
    pauses.push(now - failedAt);
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

test('each is counted on its own, and anew once it went on', () => {
  const failures = new Failures({ most: 2 });
  const [one, other] = [refOf(), refOf()];
  expect(failures.isOneTooMany(one, 0, 'FAULT')).toBe(false);
  expect(failures.mayTry(other, 0)).toBe(true);
  expect(failures.isOneTooMany(other, 0, 'FAULT')).toBe(false);
  failures.forget(one);
  expect(failures.mayTry(one, 0)).toBe(true);
  expect(failures.isOneTooMany(one, 0, 'FAULT')).toBe(false);
  expect(failures.isOneTooMany(other, 0, 'FAULT')).toBe(true);
});

test('what may pass is given up after an hour, and counts as no fault', () => {
  const failures = new Failures({ most: 2 });
  const ref = refOf();
  const hour = 3_600_000;
  for (const at of [5, 10_000, hour]) expect(failures.isOneTooMany(ref, at, 'MAY_PASS')).toBe(false);
  expect(failures.isOneTooMany(ref, hour, 'FAULT')).toBe(false);
  expect(failures.isOneTooMany(ref, hour + 5, 'MAY_PASS')).toBe(true);
  failures.forget(ref);
  expect(failures.isOneTooMany(ref, 2 * hour, 'MAY_PASS')).toBe(false);
});

test('a dry run is never given up, and costs what is run later neither faults nor time', () => {
  const failures = new Failures({ most: 2 });
  const ref = refOf();
  const day = 24 * 3_600_000;
  for (let hour = 0; hour < 24; hour++) expect(failures.isOneTooMany(ref, (hour / 24) * day, 'DRY_RUN')).toBe(false);
  expect(failures.isOneTooMany(ref, day, 'MAY_PASS')).toBe(false);
  expect(failures.isOneTooMany(ref, day, 'FAULT')).toBe(false);
  expect(failures.isOneTooMany(ref, day, 'FAULT')).toBe(true);
});

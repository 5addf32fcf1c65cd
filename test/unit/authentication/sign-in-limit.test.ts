import { expect, test } from 'vitest';
import { isLockedOut } from '../../../src/authentication/sign-in-limit.ts';

test.each([
  [{ address: 0, login: 0, pair: 0 }, false],
  [{ address: 4, login: 4, pair: 4 }, false],
  [{ address: 5, login: 5, pair: 5 }, true],
  // Somebody who fails at many names.
  [{ address: 5, login: 1, pair: 0 }, true],
  // Others fail at this name: whoever had no part in it is not held up.
  [{ address: 0, login: 5, pair: 0 }, false],
  [{ address: 4, login: 500, pair: 0 }, false],
  [{ address: 1, login: 5, pair: 1 }, true],
])('after the failures %j there is a lockout: %s', (failures, isOut) => {
  expect(isLockedOut(failures)).toBe(isOut);
});

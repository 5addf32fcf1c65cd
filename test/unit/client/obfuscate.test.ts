import fc from 'fast-check';
import { expect, test } from 'vitest';
import { obfuscate } from '../../../clients/node/src/obfuscate.ts';
import { obfuscate as obfuscateAsTheServer } from '../../../src/api-session/obfuscation.ts';

test.for([
  [1678886400000, 'gjjjjjg77777'],
  [1700000123456, 'j7tg807EtGga'],
  [1758000999999, 'GGGGGG0ooooo'],
] as const)('the client sends what was agreed on, at %i', ([timestampMs, expected]) => {
  expect(obfuscate('jj7tg80fEGao', timestampMs)).toBe(expected);
});

test('the client sends what the server expects, of every key at every time', () => {
  const key = fc.string({ unit: fc.constantFrom(...'abcXYZ0189'), minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(key, fc.nat(Number.MAX_SAFE_INTEGER), (keyString, timestampMs) => {
      expect(obfuscate(keyString, timestampMs)).toBe(obfuscateAsTheServer(keyString, timestampMs));
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obfuscate, provesKeyString } from '../../../src/api-session/obfuscation.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { obfuscateAsClientsDo } from '../../support/field-client.ts';

const KEY = 'jj7tg80fEGao';
const vectors = [
  [1_678_886_400_000, 'gjjjjjg77777'],
  [1_700_000_123_456, 'j7tg807EtGga'],
  [1_758_000_999_999, 'GGGGGG0ooooo'],
] as const;

const keyStrings = fc.stringMatching(/^[A-Za-z0-9]{12}$/);
const timestamps = fc.integer({ min: 0, max: 999_999_999_999_999 });

describe('the obfuscated key', () => {
  test.for(vectors)('of the protocol at %i is %s', ([timestampMs, obfuscated]) => {
    expect(obfuscate(KEY, timestampMs)).toBe(obfuscated);
  });

  test('is what clients make of any key at any time', () => {
    fc.assert(
      fc.property(keyStrings, timestamps, (keyString, timestampMs) => {
        const asClient = obfuscateAsClientsDo(keyString, String(timestampMs).padStart(6, '0'));
        expect(obfuscate(keyString, timestampMs)).toBe(asClient);
      }),
    );
  });
});

describe('a proof', () => {
  const [timestampMs, obfuscated] = vectors[1];

  test('is the twelve characters for this key and this time, and nothing else', () => {
    const proves = (given: string, keyString: string | null = KEY, at: number = timestampMs) =>
      provesKeyString(new Secret(given), keyString === null ? null : new Secret(keyString), at);
    expect(proves(obfuscated)).toBe(true);
    const wrong = ['', KEY, obfuscated.slice(0, -1), `${obfuscated}x`, obfuscated.toUpperCase(), ` ${obfuscated}`];
    expect(wrong.filter((given) => proves(given))).toEqual([]);
    expect(proves(obfuscated, KEY, timestampMs + 1)).toBe(false);
    expect(proves(obfuscated, 'jX7tg80fEGao')).toBe(false);
  });

  test('of no key is none, whatever is given', () => {
    for (const given of ['', '0'.repeat(12), obfuscated]) {
      expect(provesKeyString(new Secret(given), null, timestampMs)).toBe(false);
    }
  });
});

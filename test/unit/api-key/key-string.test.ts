import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { KeyString, maskKey, withoutKeys } from '../../../src/api-key/key-string.ts';

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
const LENGTH = 12;

const wellFormed = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: LENGTH, maxLength: LENGTH });

describe('the format', () => {
  test('is met by every string of 12 characters of A-Z a-z 0-9, kept as it is', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(KeyString.parse(text)?.expose()).toBe(text);
      }),
    );
  });

  test.each([
    ['empty', ''],
    ['11 characters', 'Abcdefgh123'],
    ['13 characters', 'Abcdefgh12345'],
    ['a blank before', ' Abcdefgh1234'],
    ['a blank after', 'Abcdefgh1234 '],
    ['a line break after', 'Abcdefgh1234\n'],
    ['a second line', 'Abcdefgh1234\nAbcdefgh1234'],
    ['a NUL instead of a character', 'Abcdefgh123\0'],
    ['a hyphen', 'Abcdefgh-123'],
    ['an underscore', 'Abcdefgh_123'],
    ['a letter with an accent', 'Abcdefgh123é'],
    ['a Greek letter that looks Latin', 'Αbcdefgh1234'],
    ['digits of another script', 'Abcdefgh123٤'],
    ['full-width letters', 'Ａbcdefgh1234'],
  ])('is not met: %s', (_, text) => {
    expect(KeyString.parse(text)).toBeNull();
  });

  test('is not met by anything else', () => {
    const isWellFormed = (text: string) =>
      text.length === LENGTH && [...text].every((character) => ALPHABET.includes(character));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', minLength: 10, maxLength: 14 })), (text) => {
        expect(KeyString.parse(text) !== null).toBe(isWellFormed(text));
      }),
    );
  });
});

describe('a generated string', () => {
  const COUNT = 40_000;
  const texts = Array.from({ length: COUNT }, () => KeyString.generate().expose());
  // 61 degrees of freedom: chi-square exceeds 220 with a probability below 10^-17, in 13 tests below 10^-15.
  const BOUND = 220;

  test('is well-formed', () => {
    expect(texts.filter((text) => KeyString.parse(text) === null)).toEqual([]);
  });

  test('does not come twice', () => {
    expect(new Set(texts).size).toBe(COUNT);
  });

  test.each(Array.from({ length: LENGTH }, (_, position) => ({ position })))(
    'has every character alike at position $position',
    ({ position }) => {
      expect(chiSquare(texts.map((text) => text.charAt(position)))).toBeLessThan(BOUND);
    },
  );

  test('has every character alike, the modulo of a byte by 62 would not', () => {
    expect(chiSquare(texts.flatMap((text) => [...text]))).toBeLessThan(BOUND);
    const biased = Array.from({ length: COUNT * LENGTH }, (_, index) => ALPHABET[(index % 256) % 62] ?? '');
    expect(chiSquare(biased)).toBeGreaterThan(BOUND);
  });
});

describe('it never prints itself', () => {
  const TEXT = 'Sup3rS3cr3tK';

  function logged(write: (logger: pino.Logger, key: KeyString) => void): string {
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
    write(logger, key());
    expect(lines).toHaveLength(1);
    return lines.join('');
  }

  function key(): KeyString {
    const parsed = KeyString.parse(TEXT);
    if (parsed === null) throw new Error('not a key string');
    return parsed;
  }

  test.each<[string, () => string]>([
    ['String()', () => String(key())],
    ['a template literal', () => `${key()}`],
    ['concatenation', () => `the key is ${[key()]}`],
    ['join', () => [key(), key()].join()],
    ['toLocaleString', () => [key()].toLocaleString()],
    ['JSON.stringify', () => JSON.stringify(key())],
    ['JSON.stringify of a field', () => JSON.stringify({ nested: [{ key: key() }] })],
    ['util.inspect', () => inspect(key())],
    ['util.inspect of a field', () => inspect({ nested: [{ key: key() }] }, { depth: null })],
    [
      'util.inspect with everything shown',
      () => inspect(key(), { showHidden: true, getters: true, customInspect: false, depth: null }),
    ],
    ['util.format %s', () => format('%s', key())],
    ['util.format %o', () => format('%o', key())],
    ['util.format %O', () => format('%O', { key: key() })],
    ['util.format %j', () => format('%j', { key: key() })],
    ['util.format %d', () => format('%d', key())],
    ['console.log', () => format('the key', key(), { key: key() }, [key()])],
    ['an error message', () => inspect(new Error(`bad key ${key()}`))],
    ['the cause of an error', () => inspect(new Error('bad key', { cause: key() }))],
    [
      'the cause of the cause',
      () => inspect(new Error('a', { cause: new Error('b', { cause: { key: key() } }) }), { depth: null }),
    ],
    ['an aggregate of errors', () => inspect(new AggregateError([key()], 'several'))],
    ['its own keys and values', () => JSON.stringify([Object.entries(key()), Reflect.ownKeys(key()).map(String)])],
    ['spreading', () => inspect({ ...key() }, { showHidden: true })],
    ['structuredClone', () => inspect(structuredClone({ key: key() }), { depth: null, showHidden: true })],
    ['serialisation', () => serialize({ key: key() }).toString('latin1')],
    ['pino: the object in a field', () => logged((logger, secret) => logger.info({ key: secret }))],
    [
      'pino: deep in a field',
      () => logged((logger, secret) => logger.info({ input: { keys: [secret, { secret }] } }, 'edited')),
    ],
    ['pino: the object itself', () => logged((logger, secret) => logger.info(secret))],
    ['pino: %s', () => logged((logger, secret) => logger.info('the key is %s', secret))],
    ['pino: %o', () => logged((logger, secret) => logger.info('the key is %o', secret))],
    ['pino: %j', () => logged((logger, secret) => logger.info('the key is %j', { secret }))],
    ['pino: bound to a child', () => logged((logger, secret) => logger.child({ secret }).info('hello'))],
    [
      'pino: the cause of an error',
      () => logged((logger, secret) => logger.error(new Error('bad', { cause: secret }))),
    ],
    [
      'pino: a property of an error',
      () => logged((logger, secret) => logger.error(Object.assign(new Error('bad'), { secret }))),
    ],
  ])('%s', (_, print) => {
    expect(print()).not.toContain(TEXT);
  });

  test('and still tells whoever asks for it', () => {
    expect(key().expose()).toBe(TEXT);
  });
});

describe('the mask', () => {
  test('is eight bullets and the last four characters', () => {
    expect(maskKey('c3r3')).toBe('••••••••c3r3');
  });

  test('shows no more of a key than its last four characters', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const lastFour = KeyString.parse(text)?.lastFour ?? '';
        expect(lastFour).toBe(text.slice(8));
        expect([...maskKey(lastFour)]).toEqual([...'••••••••', ...text.slice(8)]);
      }),
    );
  });
});

describe('of a text that somebody typed', () => {
  test('every word that may be a key string is masked, wherever it stands', () => {
    expect(withoutKeys('abcDEF123456')).toBe('••••••••3456');
    expect(withoutKeys(' key:abcDEF123456, "ABCdef654321"\n')).toBe(' key:••••••••3456, "••••••••4321"\n');
  });

  test('the rest stays', () => {
    const texts = ['', 'Müller & Söhne 42', 'Constellations', 'abcDEF12345', '0190b6a8-0000-7000-8000-000000000000'];
    expect(texts.map(withoutKeys)).toEqual(texts);
  });
});

function chiSquare(characters: readonly string[]): number {
  const expected = characters.length / ALPHABET.length;
  const counts = new Map(ALPHABET.map((character) => [character, 0]));
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, parseLine, parseNote } from '../../src/text.ts';
import { refusalOf } from './refusal.ts';

const invalid = { code: 'VALIDATION_FAILED', field: ['name'] };
const text = fc.string({ unit: 'grapheme' });
const anything = fc.oneof(
  text,
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', 'a', '\0', '\ud800', '\u0085') }),
);

describe('one line', () => {
  test.each([
    ['Acme', 'Acme'],
    ['  Acme\t', 'Acme'],
    ['Acme  Ltd', 'Acme  Ltd'],
    ['Ærø & Søn – 株式会社 🚀', 'Ærø & Søn – 株式会社 🚀'],
    ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['\u0915\u094d\u200d\u0937', '\u0915\u094d\u200d\u0937'],
    ['\u845b\u{e0100}\u57ce', '\u845b\u{e0100}\u57ce'],
    ['\u{1f469}\u{1f3fd}\u200d\u{1f680} \u2764\ufe0f', '\u{1f469}\u{1f3fd}\u200d\u{1f680} \u2764\ufe0f'],
    ['x'.repeat(20), 'x'.repeat(20)],
    [` ${'x'.repeat(20)} `, 'x'.repeat(20)],
  ])('%j is kept as %j', (given, kept) => {
    expect(parseLine('name', given, 20)).toBe(kept);
  });

  test.each([
    ['blank', ' \t\n '],
    ['empty', ''],
    ['too long', 'x'.repeat(21)],
    ['two lines', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['a NUL', 'a\0b'],
    ['an escape sequence', 'a\u001b[31mb'],
    ['a C1 control character', 'a\u0085b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['nothing that is seen', '\u200b'],
    ['a filler alone', '\u3164'],
    ['a blank of Braille alone', '\u2800'],
    ['a blank without width', 'Acme\u200b'],
    ['a joiner between Latin letters', 'Ac\u200dme'],
    ['a joiner at the end', '\u0645\u200c'],
    ['a soft hyphen', 'Ac\u00adme'],
    ['a variant of a Latin letter', 'Acme\ufe0f'],
    ['letters read backwards', '\u202eemcA'],
    ['a mark of direction', 'Acme\u200f'],
  ])('is refused: %s', (_, given) => {
    expect(refusalOf(() => parseLine('name', given, 20))).toMatchObject(invalid);
  });

  test('is trimmed, non-blank, free of control characters and not too long, or refused with VALIDATION_FAILED', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 30 }), (given, longest) => {
        const results: string[] = [];
        const refusal = refusalOf(() => results.push(parseLine('name', given, longest)));
        if (refusal !== null) expect(refusal).toMatchObject(invalid);
        for (const line of results) {
          expect(line).toBe(given.trim());
          expect(line).not.toBe('');
          expect(line.length).toBeLessThanOrEqual(longest);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('parsed again stays the same', () => {
    fc.assert(
      fc.property(
        text.filter((given) => refusalOf(() => parseLine('name', given, 50)) === null),
        (given) => {
          const line = parseLine('name', given, 50);
          expect(parseLine('name', line, 50)).toBe(line);
        },
      ),
    );
  });
});

describe('a note', () => {
  test.each([
    ['', ''],
    [' \n ', ''],
    [' two\nlines\r\n\tand a tab ', 'two\nlines\r\n\tand a tab'],
    ['x'.repeat(2000), 'x'.repeat(2000)],
  ])('%j is kept as %j', (given, kept) => {
    expect(parseNote('name', given)).toBe(kept);
  });

  test.each([
    ['too long', 'x'.repeat(2001)],
    ['a NUL', 'a\0b'],
    ['an escape sequence', 'a\u001b[31mb'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('is refused: %s', (_, given) => {
    expect(refusalOf(() => parseNote('name', given))).toMatchObject(invalid);
  });

  test('is trimmed plain text, or refused with VALIDATION_FAILED', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const results: string[] = [];
        const refusal = refusalOf(() => results.push(parseNote('name', given)));
        if (refusal !== null) expect(refusal).toMatchObject(invalid);
        for (const note of results) {
          expect(note).toBe(given.trim());
          expect(note).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the folded form', () => {
  test.each([
    ['case', 'ACME Ltd', 'acme ltd'],
    ['blanks around and within', '  Acme \t  Ltd ', 'Acme Ltd'],
    ['no-break spaces', 'Acme\u00a0Ltd', 'Acme Ltd'],
    ['composed and decomposed letters', 'Se\u0301curite\u0301', 'S\u00e9curit\u00e9'],
    ['full-width letters', 'ＡＣＭＥ', 'acme'],
    ['ligatures', 'o\ufb03ce', 'office'],
  ])('does not tell %s apart', (_, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  test.each([
    ['accents', 'resume', 'résumé'],
    ['words', 'Acme Ltd', 'AcmeLtd'],
    ['letters of other scripts', 'Acme', 'Асме'],
  ])('tells %s apart', (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test('has no blanks around, no two in a row, and ASCII in lower case', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const folded = fold(given);
        expect(folded).not.toMatch(/^\s|\s$|\s\s|[^\S ]|[A-Z]/);
      }),
    );
  });

  test('does not depend on blanks around or on the case of ASCII letters', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(ascii, (given) => {
        expect(fold(`  ${given}\t`)).toBe(fold(given));
        expect(fold(given.toUpperCase())).toBe(fold(given));
        expect(fold(fold(given))).toBe(fold(given));
      }),
    );
  });

  test('of every single character is folded already', () => {
    const codePoints = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint);
    const wrong = codePoints.filter((codePoint) => {
      const folded = fold(String.fromCodePoint(codePoint));
      return fold(folded) !== folded;
    });
    expect(wrong).toEqual([]);
  });
});

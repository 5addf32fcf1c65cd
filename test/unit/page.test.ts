import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import { encodeCursor, type PageRequest, parsePage, requireTimestamp, toPage } from '../../src/page.ts';
import { refusalOf } from './refusal.ts';
import { changed } from './secrets/flipped-bits.ts';

const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
const id = fc.uuid();
const order = fc.constantFrom('NAME', 'CREATED_AT', 'NAME|DESC', 'events');
const uuid = '0197a1b2-c3d4-7e5f-8a6b-0123456789ab';
const invalid = { code: 'VALIDATION_FAILED', field: ['after'] };

function cursorOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Taken or refused with VALIDATION_FAILED; anything else that is thrown goes on. */
function requestWith(after: string): PageRequest | DomainError {
  try {
    return parsePage(10, after, 'NAME');
  } catch (error) {
    if (error instanceof DomainError && error.code === 'VALIDATION_FAILED') return error;
    throw error;
  }
}

describe('a cursor', () => {
  test('comes back as the position that it was made of', () => {
    fc.assert(
      fc.property(order, value, id, (name, text, uuidText) => {
        const position = { value: text, id: uuidText };
        expect(parsePage(10, encodeCursor(name, position), name)).toEqual({ first: 10, after: position });
      }),
    );
  });

  test('may stand in a URL', () => {
    fc.assert(
      fc.property(value, id, (text, uuidText) => {
        expect(encodeCursor('NAME', { value: text, id: uuidText })).toMatch(/^[A-Za-z0-9_-]+$/);
      }),
    );
  });

  test('of another order is refused', () => {
    const cursor = encodeCursor('CREATED_AT', { value: 'x', id: uuid });
    expect(refusalOf(() => parsePage(10, cursor, 'NAME'))).toMatchObject(invalid);
  });

  test.each([
    ['nothing', ''],
    ['no base64', '!!!'],
    ['no JSON', 'AAAA'],
    ['null', cursorOf(null)],
    ['a string', cursorOf('NAME')],
    ['an object', cursorOf({ 0: 'NAME', 1: 'x', 2: uuid, length: 3 })],
    ['an empty list', cursorOf([])],
    ['too short', cursorOf(['NAME', 'x'])],
    ['too long', cursorOf(['NAME', 'x', uuid, uuid])],
    ['no id', cursorOf(['NAME', 'x', 'y'])],
    ['an id with a tail', cursorOf(['NAME', 'x', `${uuid}'`])],
    ['an id and a line break', cursorOf(['NAME', 'x', `${uuid}\n`])],
    ['a NUL, which PostgreSQL cannot keep', cursorOf(['NAME', 'a\0b', uuid])],
    ['a value that has no text', cursorOf(['NAME', { toString: 1, valueOf: 1 }, uuid])],
    ['an order that has no text', cursorOf([{ toString: null, valueOf: null }, 'x', uuid])],
    [
      'a value nested too deep to be written',
      Buffer.from(`["NAME",${'['.repeat(9000)}${']'.repeat(9000)},"${uuid}"]`).toString('base64url'),
    ],
  ])('that holds %s is refused', (_, cursor) => {
    expect(refusalOf(() => parsePage(10, cursor, 'NAME'))).toMatchObject(invalid);
  });

  test('of garbage is refused, with VALIDATION_FAILED and nothing else', () => {
    const garbage = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.jsonValue().map(cursorOf),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        expect(requestWith(text)).toBeInstanceOf(DomainError);
      }),
      { numRuns: 1000 },
    );
  });

  test('of any three things is taken or refused with VALIDATION_FAILED', () => {
    const hostile = fc.oneof(fc.jsonValue(), fc.constant({ toString: 0, valueOf: 0 }), fc.constant([[[null]]]));
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        requestWith(cursorOf(['NAME', first, uuid]));
        requestWith(cursorOf([first, second, uuid]));
        requestWith(cursorOf(['NAME', 'x', first]));
      }),
    );
  });

  test('that was cut short or had a bit flipped is taken or refused with VALIDATION_FAILED', () => {
    fc.assert(
      fc.property(value, id, fc.nat(), fc.integer({ min: 0, max: 7 }), (text, uuidText, place, bit) => {
        const cursor = encodeCursor('NAME', { value: text, id: uuidText });
        const bytes = Buffer.from(cursor, 'base64url');
        requestWith(cursor.slice(0, place % cursor.length));
        requestWith(changed(bytes, place % bytes.length, 1 << bit).toString('base64url'));
        requestWith(changed(Buffer.from(cursor), place % cursor.length, 1 << bit).toString('latin1'));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the size of a page', () => {
  test.each([
    [undefined, 50],
    [null, 50],
    [0, 0],
    [1, 1],
    [200, 200],
  ])('%s asks for %i', (first, size) => {
    expect(parsePage(first, null, 'NAME')).toEqual({ first: size, after: null });
    expect(parsePage(first, undefined, 'NAME')).toEqual({ first: size, after: null });
  });

  test.each([-1, 201, 2 ** 31 - 1, -(2 ** 31)])('%i is refused', (first) => {
    expect(refusalOf(() => parsePage(first, null, 'NAME'))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['first'],
    });
  });
});

describe('a page', () => {
  test('holds at most what was asked for, in order, and tells whether more follows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 0, max: 20 }), fc.boolean(), (rows, first, isLater) => {
        const request = { first, after: isLater ? { value: 'x', id: uuid } : null };
        const page = toPage(rows.slice(0, first + 1), request);
        expect(page.items).toEqual(rows.slice(0, first));
        expect(page.hasNextPage).toBe(rows.length > first);
        expect(page.hasPreviousPage).toBe(isLater);
      }),
    );
  });
});

describe('a position in an order by time', () => {
  const at = (text: string) => refusalOf(() => requireTimestamp({ value: text, id: randomUUID() }));

  test.each([
    ...['2025-06-15T12:00:00.000Z', '2025-06-15T12:00:00.123Z', '2024-02-29T00:00:00.000Z'],
    ...['0001-01-01T00:00:00.000Z', '0999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ...['infinity', '-infinity'],
  ])('may be %s', (text) => {
    expect(at(text)).toBeNull();
  });

  test('may be missing', () => {
    expect(refusalOf(() => requireTimestamp(null))).toBeNull();
  });

  test.each([
    ...[
      '',
      'x',
      'Acme',
      'now',
      '2025-06-15',
      '2025-06-15T12:00:00Z',
      '2025-06-15 12:00:00+00',
      ' 2025-06-15T12:00:00.000Z',
    ],
    ...[
      '2025-06-15T12:00:00.000Z\n',
      '2025-13-01T00:00:00.000Z',
      '2025-01-32T00:00:00.000Z',
      '2025-01-01T25:00:00.000Z',
    ],
    ...['2025-06-15T12:00:00.000+00:00', 'infinity ', '+infinity', 'Infinity'],
    // Days that are none, and years that PostgreSQL does not take in this form.
    ...[
      '2025-02-31T00:00:00.000Z',
      '2025-02-29T00:00:00.000Z',
      '0000-01-01T00:00:00.000Z',
      '+010000-01-01T00:00:00.000Z',
    ],
  ])('is not %j', (text) => {
    expect(at(text)).toMatchObject(invalid);
  });
});

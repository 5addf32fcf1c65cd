import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { typeParsers } from '../../../src/database/type-parsers.ts';

const { TIMESTAMPTZ } = pg.types.builtins;
const parse = typeParsers.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown;
const reference = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown;

/** As PostgreSQL on UTC writes a `timestamptz(3)`: without the zeros at the end. */
function written(instant: Date): string {
  return instant
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '+00');
}

describe('a timestamp is read as the driver itself reads it', () => {
  test('whatever the instant', () => {
    const instants = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parse(written(instant))).toEqual(instant);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ...[
      '2026-11-21 03:17:27+00',
      '2026-11-21 03:17:27.6+00',
      '2026-11-21 03:17:27.677+00',
      '2026-11-21 03:17:27.677123+00',
    ],
    ...[
      '2026-11-21 03:17:27.677+05:30',
      '0099-01-01 00:00:00+00',
      '10000-01-01 00:00:00+00',
      '0044-03-15 00:00:00+00 BC',
    ],
    ...['infinity', '-infinity'],
  ])('%s', (text) => {
    expect(parse(text)).toEqual(reference(text));
  });
});

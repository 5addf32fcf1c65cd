import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupPositionOf, parseMinimumCount, positionOf } from '../../../src/api-key-group/api-key-group.ts';
import { encodeCursor, parsePage } from '../../../src/page.ts';
import { refusalOf } from '../refusal.ts';

const fingerprints = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const positions = fc.record({ organizationCount: fc.integer({ min: 1, max: 999_999_999 }), fingerprint: fingerprints });

describe('a position in the list of groups', () => {
  test('comes back from its cursor, and names no tenant', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const cursor = encodeCursor('SIZE', positionOf(position));
        expect(groupPositionOf(parsePage(10, cursor, 'SIZE'))).toEqual(position);
        expect(Buffer.from(cursor, 'base64url').toString()).toContain('00000000-0000-0000-0000-000000000000');
      }),
    );
  });

  test('is refused when no list gave it', () => {
    const { id } = positionOf({ organizationCount: 1, fingerprint: 'a'.repeat(64) });
    const good = 'a'.repeat(64);
    for (const value of ['', '1', good, ` ${good}`, `1 ${good}a`, `-1 ${good}`, `1.5 ${good}`, `1234567890 ${good}`]) {
      const refusal = refusalOf(() => groupPositionOf({ first: 1, after: { value, id } }));
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['after'] });
    }
    expect(groupPositionOf({ first: 1, after: null })).toBeNull();
  });
});

test('the least size of a group is one', () => {
  expect(parseMinimumCount(1)).toBe(1);
  for (const given of [0, -1]) {
    expect(refusalOf(() => parseMinimumCount(given))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['minimumCount'],
    });
  }
});

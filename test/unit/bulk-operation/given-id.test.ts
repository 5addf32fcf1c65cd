import { describe, expect, test } from 'vitest';
import { keptId } from '../../../src/bulk-operation/given-id.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { newId } from '../../../src/ids.ts';

describe('of an id that names nothing', () => {
  test('what looks like an id is kept as it was given', () => {
    const ids = [encodeGlobalId('Organization', newId(), newId()), newId(), 'no id at all', '0', '', 'Zürich 🔑'];
    expect(ids.map(keptId)).toEqual(ids);
  });

  test('a key string is kept masked', () => {
    expect(keptId('abcDEF123456')).toBe('••••••••3456');
    expect(keptId(' abcDEF123456\n')).toBe('••••••••3456');
  });

  test('nothing is kept that a database does not take, or that is longer than any id', () => {
    expect(keptId('a\0b\u001bc')).toBe('a\ufffdb\ufffdc');
    expect(keptId('\ud800x')).toBe('\ufffdx');
    expect(keptId('🔑'.repeat(100_000))).toBe('🔑'.repeat(50));
    expect(keptId(`x${'🔑'.repeat(100_000)}`)).toBe(`x${'🔑'.repeat(49)}\ufffd`);
  });
});

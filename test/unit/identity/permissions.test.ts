import { describe, expect, test } from 'vitest';
import { type Permission, permissions, permissionsOf, roles } from '../../../src/identity/permissions.ts';
import { cell, parseTable } from '../text-table.ts';

// DOMAIN.md, "Who may do what".
const table = parseTable(`
permission          | PLATFORM_ADMIN | PLATFORM_SUPPORT | PROVIDER_ADMIN | PROVIDER_SUPPORT | PROVIDER_VIEWER | ORG_ADMIN | ORG_VIEWER
apiKey:view         | ✓              | ✓                | ✓              | ✓                | ✓               | ✓         | ✓
apiKey:reveal       |                |                  | ✓              |                  |                 | ✓         |
apiKey:manage       | ✓              |                  | ✓              |                  |                 | ✓         |
apiKey:sync         | ✓              |                  | ✓              |                  |                 |           |
apiKey:enable       | ✓              | ✓                | ✓              | ✓                |                 |           |
subscription:manage | ✓              |                  | ✓              |                  |                 |           |
organization:manage | ✓              |                  | ✓              |                  |                 |           |
provider:manage     | ✓              |                  | ✓              |                  |                 |           |
staff:manage        | ✓              |                  | ✓              |                  |                 | ✓         |
audit:view          | ✓              | ✓                | ✓              | ✓                |                 | ✓         |
webhook:manage      | ✓              |                  | ✓              |                  |                 |           |
rotation:manage     | ✓              |                  | ✓              |                  |                 |           |
`);

const named = table.map((row) => cell(row, 'permission'));

describe('the table of permissions', () => {
  test('knows every permission of DOMAIN.md and no other', () => {
    expect([...permissions].sort()).toEqual([...named].sort());
  });

  test('knows every role of DOMAIN.md and no other', () => {
    expect(['permission', ...roles].sort()).toEqual(Object.keys(table[0] ?? {}).sort());
  });

  test('has 12 permissions, 7 roles and 36 ticks', () => {
    expect(permissions).toHaveLength(12);
    expect(roles).toHaveLength(7);
    expect(table.flatMap((row) => Object.values(row)).filter((text) => text === '✓')).toHaveLength(36);
  });

  test.each(roles)('gives %s what is ticked, and nothing that is not', (role) => {
    const ticked = table.filter((row) => cell(row, role) === '✓').map((row) => cell(row, 'permission'));
    expect([...permissionsOf(role)].sort()).toEqual(ticked.sort());
  });

  test('cannot be changed through what it gives out', () => {
    const given = new Set<Permission>(permissionsOf('ORG_VIEWER'));
    given.add('apiKey:manage');
    expect(permissionsOf('ORG_VIEWER').has('apiKey:manage')).toBe(false);
    expect(permissionsOf('ORG_VIEWER')).not.toBe(permissionsOf('ORG_VIEWER'));
  });
});

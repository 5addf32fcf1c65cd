import { describe, expect, test } from 'vitest';
import {
  knownPermissions,
  mostOf,
  type Permission,
  permissions,
  permissionsOf,
  roles,
} from '../../../src/identity/permissions.ts';
import { cell, parseTable } from '../text-table.ts';

// DOMAIN.md, "Who may do what"; the last one is WIRE.md's, for service accounts only.
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
gateway:verify      |                |                  |                |                  |                 |           |
`);

const named = table.map((row) => cell(row, 'permission'));

describe('the table of permissions', () => {
  test('knows every permission of the table and no other', () => {
    expect([...permissions].sort()).toEqual([...named].sort());
  });

  test('knows every role of DOMAIN.md and no other', () => {
    expect(['permission', ...roles].sort()).toEqual(Object.keys(table[0] ?? {}).sort());
  });

  test('has 13 permissions, 7 roles and 36 ticks', () => {
    expect(permissions).toHaveLength(13);
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

describe('the most that a place allows', () => {
  test.each([
    ['PLATFORM', 'PLATFORM_ADMIN'],
    ['SERVICE_PROVIDER', 'PROVIDER_ADMIN'],
    ['ORGANIZATION', 'ORG_ADMIN'],
  ] as const)('is at %s what %s has', (authority, role) => {
    expect([...mostOf(authority)]).toEqual([...permissionsOf(role)]);
  });

  test('is nothing for the system, which asks nobody', () => {
    expect([...mostOf('SYSTEM')]).toEqual([]);
  });
});

test('a name that is no permission any more grants nothing', () => {
  expect([...knownPermissions(['apiKey:view', 'apiKey:paint', ''])]).toEqual(['apiKey:view']);
});

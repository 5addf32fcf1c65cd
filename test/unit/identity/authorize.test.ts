import { describe, expect, test } from 'vitest';
import type { TenantRow } from '../../../src/database/scope.ts';
import { SYSTEM_ACTOR } from '../../../src/identity/actor.ts';
import { authorize } from '../../../src/identity/authorize.ts';
import { permissions, permissionsOf, roles } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';
import { refusalOf } from '../refusal.ts';
import { actorWith, organizationRow } from './actors.ts';

const foreignRoot = newId<'ServiceProvider'>();
const foreignRow: TenantRow = {
  rootProviderId: foreignRoot,
  providerPath: [foreignRoot],
  organizationId: newId<'Organization'>(),
};

describe('authorize', () => {
  test.each(roles)('gives %s the target for exactly the permissions of the role, else FORBIDDEN', (role) => {
    const actor = actorWith(role);
    for (const permission of permissions) {
      const refusal = refusalOf(() =>
        expect(authorize(actor, permission, organizationRow, 'id')).toBe(organizationRow),
      );
      expect(refusal?.code).toBe(permissionsOf(role).has(permission) ? undefined : 'FORBIDDEN');
    }
  });

  test.each(roles)('answers %s for a foreign target exactly as for a missing one, whatever the permission', (role) => {
    const actor = actorWith(role);
    for (const permission of permissions) {
      const missing = refusalOf(() => authorize(actor, permission, null, 'id'));
      expect(missing).toMatchObject({ code: 'NOT_FOUND', field: ['id'] });
      if (role.startsWith('PLATFORM')) continue;
      const foreign = refusalOf(() => authorize(actor, permission, foreignRow, 'id'));
      expect([foreign?.code, foreign?.message, foreign?.field]).toEqual([
        missing?.code,
        missing?.message,
        missing?.field,
      ]);
    }
  });

  test('names the missing permission, and tells whom to ask', () => {
    const refusal = refusalOf(() => authorize(actorWith('ORG_VIEWER'), 'apiKey:manage', organizationRow, 'id'));
    expect(refusal?.message).toContain('apiKey:manage');
    expect(refusal?.message).toContain('Ask');
  });
});

describe('the authority', () => {
  test.each([
    ['PLATFORM_ADMIN', 'PLATFORM'],
    ['PLATFORM_SUPPORT', 'PLATFORM'],
    ['PROVIDER_ADMIN', 'SERVICE_PROVIDER'],
    ['PROVIDER_SUPPORT', 'SERVICE_PROVIDER'],
    ['PROVIDER_VIEWER', 'SERVICE_PROVIDER'],
    ['ORG_ADMIN', 'ORGANIZATION'],
    ['ORG_VIEWER', 'ORGANIZATION'],
  ] as const)('of a %s is %s', (role, authority) => {
    expect(actorWith(role).authority).toBe(authority);
  });

  test('of the system is its own, though it sees all that the platform sees', () => {
    expect(SYSTEM_ACTOR.authority).toBe('SYSTEM');
  });
});

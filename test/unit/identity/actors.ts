import type { Scope, TenantRow } from '../../../src/database/scope.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { type Authority, permissionsOf, type Role } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';

const rootProviderId = newId<'ServiceProvider'>();
const organizationId = newId<'Organization'>();

/** The organization that every actor made here sees. */
export const organizationRow: TenantRow = { rootProviderId, providerPath: [rootProviderId], organizationId };

const scopes: Readonly<Record<string, Scope>> = {
  PLATFORM: { level: 'PLATFORM' },
  PROVIDER: { level: 'PROVIDER', rootProviderId, providerId: rootProviderId },
  ORG: { level: 'ORGANIZATION', rootProviderId, providerId: rootProviderId, organizationIds: [organizationId] },
};

const authorities: Readonly<Record<string, Authority>> = {
  PLATFORM: 'PLATFORM',
  PROVIDER: 'SERVICE_PROVIDER',
  ORG: 'ORGANIZATION',
};

export function actorWith(role: Role): Actor {
  const scope = scopes[role.split('_')[0] ?? ''];
  if (scope === undefined) throw new Error(`where does ${role} belong?`);
  return {
    id: newId<'StaffMember'>(),
    displayName: role,
    role,
    authority: authorities[role.split('_')[0] ?? ''] ?? 'SYSTEM',
    permissions: permissionsOf(role),
    scope,
    home: organizationRow,
    onBehalfOf: null,
  };
}

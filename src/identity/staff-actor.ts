import { PLATFORM_SCOPE, type Scope } from '../database/scope.ts';
import type { Actor } from './actor.ts';
import { permissionsOf } from './permissions.ts';
import type { StaffMember } from './staff-member.ts';

/** What a staff member may do, and where. */
export function actorOf(member: StaffMember): Actor {
  const { rootProviderId, providerPath, organizationId } = member;
  return {
    id: member.id,
    displayName: member.displayName,
    role: member.role,
    permissions: permissionsOf(member.role),
    scope: scopeOf(member),
    home: { rootProviderId, providerPath, organizationId },
  };
}

function scopeOf({ rootProviderId, providerId, organizationId }: StaffMember): Scope {
  if (providerId === null) return PLATFORM_SCOPE;
  if (organizationId === null) return { level: 'PROVIDER', rootProviderId, providerId };
  return { level: 'ORGANIZATION', rootProviderId, providerId, organizationIds: [organizationId] };
}

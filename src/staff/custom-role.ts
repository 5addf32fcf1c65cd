import type { TenantRow } from '../database/scope.ts';
import type { Grant, OwnRole } from '../identity/grant.ts';
import { knownPermissions } from '../identity/permissions.ts';
import type { CustomRoleId, ServiceProviderId } from '../ids.ts';
import type { StaffRole } from './staff-member.ts';

/** A provider's own bundle of permissions, for its staff, its resellers' and their organizations' people. */
export interface CustomRole extends TenantRow {
  readonly id: CustomRoleId;
  readonly providerId: ServiceProviderId;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: Date;
  readonly organizationId: null;
}

export const LONGEST_ROLE_NAME = 100;

/** As somebody has it who is given it now. */
export function staffRoleOf({ id, name, permissions }: CustomRole): StaffRole {
  return { role: null, customRoleId: id, customRoleName: name, customPermissions: permissions };
}

export function grantOfCustomRole({ permissions }: Pick<CustomRole, 'permissions'>): Grant {
  return { role: null, permissions: knownPermissions(permissions) };
}

export function ownRoleOf({ rootProviderId, providerId, permissions }: CustomRole): OwnRole {
  return { rootProviderId, providerId, permissions: knownPermissions(permissions) };
}

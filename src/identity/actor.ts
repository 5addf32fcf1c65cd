import { PLATFORM_SCOPE, type Scope, type TenantRow } from '../database/scope.ts';
import { PLATFORM_ROOT_ID, type StaffMemberId } from '../ids.ts';
import type { Authority, Permission, Role } from './permissions.ts';

/** Who acts (DOMAIN.md, "Words"). */
export interface Actor {
  /** Null for the system itself. */
  readonly id: StaffMemberId | null;
  readonly displayName: string;
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Where the actor belongs: what it does to nothing in particular is written down there. */
  readonly home: TenantRow;
}

export const PLATFORM_HOME: TenantRow = { rootProviderId: PLATFORM_ROOT_ID, providerPath: [], organizationId: null };

export const SYSTEM_ACTOR: Actor = {
  id: null,
  displayName: 'System',
  role: null,
  permissions: new Set(),
  scope: PLATFORM_SCOPE,
  home: PLATFORM_HOME,
};

export function authorityOf(actor: Actor): Authority {
  if (actor.id === null) return 'SYSTEM';
  switch (actor.scope.level) {
    case 'PLATFORM':
      return 'PLATFORM';
    case 'PROVIDER':
      return 'SERVICE_PROVIDER';
    default:
      return 'ORGANIZATION';
  }
}

import { PLATFORM_SCOPE, type Scope, type TenantRow } from '../database/scope.ts';
import { type ActorId, type OrganizationId, PLATFORM_ROOT_ID, type ServiceProviderId } from '../ids.ts';
import type { Authority, Permission } from './permissions.ts';

/** Who acts (DOMAIN.md, "Words"). */
export interface Actor {
  /** Null for the system itself. */
  readonly id: ActorId | null;
  readonly displayName: string;
  /** A role's name, a provider's own included; `SERVICE_ACCOUNT`; null for the system. */
  readonly role: string | null;
  readonly authority: Authority;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Where the actor belongs: what it does to nothing in particular is written down there. */
  readonly home: TenantRow;
  /** The provider that lent the right to act, when it is not the actor's own. */
  readonly onBehalfOf: string | null;
}

export const PLATFORM_HOME: TenantRow = { rootProviderId: PLATFORM_ROOT_ID, providerPath: [], organizationId: null };

export const SYSTEM_ACTOR: Actor = {
  id: null,
  displayName: 'System',
  role: null,
  authority: 'SYSTEM',
  permissions: new Set(),
  scope: PLATFORM_SCOPE,
  home: PLATFORM_HOME,
  onBehalfOf: null,
};

/** Where rows are kept that an actor is to find again: under a delegation, where row-level security lets it write and read. */
export function keepingPlaceOf({ home, scope }: Actor): TenantRow {
  if (scope.level !== 'ORGANIZATION') return home;
  return { ...home, organizationId: home.organizationId ?? scope.organizationIds[0] ?? null };
}

/** Where a person or a service account belongs: the platform, a provider, or one organization. */
export interface Place extends TenantRow {
  /** Null at the platform. */
  readonly providerId: ServiceProviderId | null;
  readonly organizationId: OrganizationId | null;
}

/** What whoever belongs there sees. */
export function scopeOf({ rootProviderId, providerId, organizationId }: Place): Scope {
  if (providerId === null) return PLATFORM_SCOPE;
  if (organizationId === null) return { level: 'PROVIDER', rootProviderId, providerId };
  return { level: 'ORGANIZATION', rootProviderId, providerId, organizationIds: [organizationId] };
}

export function authorityAt({ providerId, organizationId }: Place): Authority {
  if (providerId === null) return 'PLATFORM';
  return organizationId === null ? 'SERVICE_PROVIDER' : 'ORGANIZATION';
}

export function homeOf({ rootProviderId, providerPath, organizationId }: Place): TenantRow {
  return { rootProviderId, providerPath, organizationId };
}

import type { Actor } from '../identity/actor.ts';
import { type Delegation, delegablePermissions, delegationStatus, isGrantee } from './delegation.ts';

/**
 * Somebody of the grantee as they act under the delegation: with the eyes of the lent organizations, the authority of a
 * provider, and no more than they may do at home. Null unless it is active and theirs.
 */
export function delegatedActor(actor: Actor, delegation: Delegation, now: Date): Actor | null {
  const { rootProviderId, providerId, providerPath, organizationIds, organizationProviderIds, role } = delegation;
  if (!isGrantee(actor.scope, delegation) || delegationStatus(delegation, now) !== 'ACTIVE') return null;
  if (organizationIds.length === 0) return null;
  const lent = [...delegablePermissions(role)];
  return {
    id: actor.id,
    displayName: actor.displayName,
    role,
    authority: 'SERVICE_PROVIDER',
    permissions: new Set(lent.filter((permission) => actor.permissions.has(permission))),
    scope: { level: 'ORGANIZATION', rootProviderId, providerId, organizationIds, organizationProviderIds },
    // What names none of the organizations is the grantor's to read, and none of their people's.
    home: { rootProviderId, providerPath, organizationId: null },
    onBehalfOf: delegation.providerName,
  };
}

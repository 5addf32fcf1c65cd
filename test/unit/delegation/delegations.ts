import type { Delegation } from '../../../src/delegation/delegation.ts';
import { newId } from '../../../src/ids.ts';

export const NOW = new Date('2031-05-06T07:08:09.123Z');
export const at = (offsetMs: number) => new Date(NOW.getTime() + offsetMs);

export const root = newId<'ServiceProvider'>();
export const grantor = newId<'ServiceProvider'>();
export const below = newId<'ServiceProvider'>();
export const sibling = newId<'ServiceProvider'>();
export const granteeRoot = newId<'ServiceProvider'>();
export const grantee = newId<'ServiceProvider'>();
export const belowGrantee = newId<'ServiceProvider'>();
export const organizations = [newId<'Organization'>(), newId<'Organization'>()] as const;

/** Of a reseller to a reseller of another root; active. */
export function delegationWith(more: Partial<Delegation> = {}): Delegation {
  return {
    rootProviderId: root,
    id: newId<'Delegation'>(),
    providerId: grantor,
    providerPath: [root, grantor],
    organizationId: null,
    providerName: 'Grantor',
    organizationIds: organizations,
    organizationProviderIds: [grantor, below],
    role: 'PROVIDER_ADMIN',
    granteeRootProviderId: granteeRoot,
    granteeProviderId: grantee,
    granteeProviderName: 'Grantee',
    note: null,
    createdAt: at(-1000),
    createdById: newId<'StaffMember'>(),
    createdByName: 'Who granted it',
    expiresAt: at(1000),
    acceptedAt: at(-500),
    acceptedById: newId<'StaffMember'>(),
    acceptedByName: 'Who accepted it',
    endedAt: null,
    endedById: null,
    endedByName: null,
    ...more,
  };
}

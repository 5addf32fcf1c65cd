import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/database/scope.ts';
import { delegatedActor } from '../../../src/delegation/delegated-actor.ts';
import { delegablePermissions, delegationRoles } from '../../../src/delegation/delegation.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { permissions, permissionsOf, type Role } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';
import { at, below, delegationWith, grantee, granteeRoot, grantor, NOW, organizations, root } from './delegations.ts';

const granteesScope: Scope = { level: 'PROVIDER', rootProviderId: granteeRoot, providerId: grantee };

function staffWith(role: Role, more: Partial<Actor> = {}): Actor {
  return {
    id: newId<'StaffMember'>(),
    displayName: 'Somebody of the grantee',
    role,
    authority: 'SERVICE_PROVIDER',
    permissions: permissionsOf(role),
    scope: granteesScope,
    home: { rootProviderId: granteeRoot, providerPath: [granteeRoot, grantee], organizationId: null },
    onBehalfOf: null,
    ...more,
  };
}

test('somebody of the grantee acts as themselves, at the grantor, on its behalf, and nowhere but at the lent organizations', () => {
  const actor = staffWith('PROVIDER_ADMIN');
  expect(delegatedActor(actor, delegationWith({ role: 'PROVIDER_SUPPORT' }), NOW)).toEqual({
    id: actor.id,
    displayName: actor.displayName,
    role: 'PROVIDER_SUPPORT',
    authority: 'SERVICE_PROVIDER',
    permissions: delegablePermissions('PROVIDER_SUPPORT'),
    scope: {
      level: 'ORGANIZATION',
      rootProviderId: root,
      providerId: grantor,
      organizationIds: organizations,
      organizationProviderIds: [grantor, below],
    },
    home: { rootProviderId: root, providerPath: [root, grantor], organizationId: null },
    onBehalfOf: 'Grantor',
  });
});

describe('nobody may do more under a delegation than at home, or than was lent', () => {
  const homes: Role[] = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER'];
  test.each(homes.flatMap((home) => delegationRoles.map((lent) => [home, lent] as const)))(
    '%s at home, lent %s',
    (home, lent) => {
      const acting = delegatedActor(staffWith(home), delegationWith({ role: lent }), NOW);
      const both = permissions.filter((name) => permissionsOf(home).has(name) && delegablePermissions(lent).has(name));
      expect([...(acting?.permissions ?? [])].sort()).toEqual(both.sort());
    },
  );

  test('with a role of their own, or a token of narrowed scope', () => {
    const narrowed = staffWith('PROVIDER_ADMIN', { permissions: new Set(['audit:view', 'staff:manage']) });
    expect([...(delegatedActor(narrowed, delegationWith(), NOW)?.permissions ?? [])]).toEqual(['audit:view']);
  });
});

describe('nobody acts under a delegation', () => {
  test.each<[string, Scope]>([
    ['of the provider above the grantee', { ...granteesScope, providerId: granteeRoot }],
    ['of a reseller below the grantee', { ...granteesScope, providerId: newId<'ServiceProvider'>() }],
    ['of the same id under another root', { ...granteesScope, rootProviderId: root }],
    ['of an organization of the grantee', { ...granteesScope, level: 'ORGANIZATION', organizationIds: organizations }],
    ['of the grantor itself', { level: 'PROVIDER', rootProviderId: root, providerId: grantor }],
    ['of the platform', { level: 'PLATFORM' }],
  ])('as somebody %s', (_, scope) => {
    expect(delegatedActor(staffWith('PROVIDER_ADMIN', { scope }), delegationWith(), NOW)).toBeNull();
  });

  test.each([
    ['waits to be accepted', { acceptedAt: null }],
    ['is ended', { endedAt: at(-1) }],
    ['expires this instant', { expiresAt: NOW }],
    ['has expired', { expiresAt: at(-1) }],
    ['lends nothing', { organizationIds: [] }],
  ])('that %s', (_, more) => {
    expect(delegatedActor(staffWith('PROVIDER_ADMIN'), delegationWith(more), NOW)).toBeNull();
  });

  test('until the last millisecond it holds', () => {
    expect(delegatedActor(staffWith('PROVIDER_ADMIN'), delegationWith({ expiresAt: at(1) }), NOW)).not.toBeNull();
  });
});

import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { acceptDelegation } from '../../src/delegation/answer-delegation.service.ts';
import { delegatedActor } from '../../src/delegation/delegated-actor.ts';
import { findDelegation } from '../../src/delegation/delegation.repository.ts';
import { type GrantDelegation, grantDelegation } from '../../src/delegation/grant-delegation.service.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { DelegationRef, OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { createStaff, createTestOrganization, type TestStaff, uniqueName } from './fixtures.ts';
import { type KeyWorld, test as keyTest } from './key-world.ts';

export const DAY_MS = 86_400_000;

/** A provider lends organizations to staff of a foreign root, of which it knows nothing but the id. */
export interface DelegationWorld extends KeyWorld {
  readonly grantor: ServiceProviderRef;
  readonly grantee: ServiceProviderRef;
  /** A reseller below the grantor. */
  readonly below: ServiceProviderRef;
  /** Of the grantor: two, and one of the reseller below it. Each has a key. */
  readonly lent: readonly [OrganizationRef, OrganizationRef, OrganizationRef];
  /** Of the grantor and of the reseller below it. Each has a key. */
  readonly notLent: readonly [OrganizationRef, OrganizationRef];
  readonly granteeAdmin: TestStaff;
  readonly granteeSupport: TestStaff;
  readonly granteeViewer: TestStaff;
  /** Whoever stands on neither side. */
  readonly strangers: Readonly<Record<string, TestStaff>>;
  /** With a key. */
  newOrganization(provider: ServiceProviderRef): Promise<OrganizationRef>;
}

export async function createDelegationWorld(world: KeyWorld): Promise<DelegationWorld> {
  const { services } = world.keyward;
  const { platformAdmin, reseller: grantor, foreignRoot: grantee } = world.tenants;
  const providerUnder = (parent: ServiceProviderRef | null) =>
    createServiceProvider(world.as(world.platformAdmin), {
      name: uniqueName('Provider'),
      parent,
      baseUrl: parent === grantor ? 'https://below.example.com' : null,
      idempotencyKey: null,
    });
  const below = await providerUnder(grantor);
  const organizationOf = (provider: ServiceProviderRef) => createTestOrganization(services, platformAdmin, provider);
  const granteesOwn = await organizationOf(grantee);
  const strangers = {
    'staff of a third root': await createStaff(services, 'PROVIDER_ADMIN', await providerUnder(null)),
    'staff of a reseller below the grantee': await createStaff(
      services,
      'PROVIDER_ADMIN',
      await providerUnder(grantee),
    ),
    'staff of a sibling of the grantor': world.people.siblingAdmin,
    'staff of a reseller below the grantor': await createStaff(services, 'PROVIDER_ADMIN', below),
    'an admin of a lent organization': world.people.orgAdmin,
    'an admin of an organization of the grantee': await createStaff(services, 'ORG_ADMIN', granteesOwn),
  };
  return {
    ...world,
    grantor,
    grantee,
    below,
    lent: [world.organization, await organizationOf(grantor), await organizationOf(below)],
    notLent: [await organizationOf(grantor), await organizationOf(below)],
    granteeAdmin: world.people.foreignAdmin,
    granteeSupport: await createStaff(services, 'PROVIDER_SUPPORT', grantee),
    granteeViewer: await createStaff(services, 'PROVIDER_VIEWER', grantee),
    strangers,
    newOrganization: organizationOf,
  };
}

/** A test with an installation for its file, and two sides of a delegation of its own in it. */
export const test = keyTest.extend('both', ({ world }) => createDelegationWorld(world));

export function grantOf(both: DelegationWorld, more: Partial<GrantDelegation> = {}): GrantDelegation {
  return {
    serviceProvider: both.grantor,
    organizations: both.lent,
    grantee: both.grantee,
    role: 'PROVIDER_ADMIN',
    expiresAt: new Date(Date.now() + 30 * DAY_MS),
    note: null,
    idempotencyKey: null,
    ...more,
  };
}

/** Granted and not accepted. */
export function grant(both: DelegationWorld, more: Partial<GrantDelegation> = {}): Promise<DelegationRef> {
  return grantDelegation(both.as(both.providerAdmin), grantOf(both, more));
}

/** Granted and accepted. */
export async function lend(both: DelegationWorld, more: Partial<GrantDelegation> = {}): Promise<DelegationRef> {
  const ref = await grant(both, more);
  return acceptDelegation(both.as(both.granteeAdmin.actor), { delegation: ref, idempotencyKey: null });
}

/** Somebody as they act under it. @throws Error unless they may */
export async function actingUnder(both: DelegationWorld, ref: DelegationRef, actor: Actor): Promise<Actor> {
  const { database } = both.keyward.services;
  const delegation = await database.read(PLATFORM_SCOPE, (tx) => findDelegation(tx, ref));
  const acting = delegation === null ? null : delegatedActor(actor, delegation, new Date());
  if (acting === null) throw new Error('nobody may act under it');
  return acting;
}

/** What an actor calls a delegation when it answers it. */
export function named(delegation: DelegationRef | null) {
  return { delegation, idempotencyKey: null };
}

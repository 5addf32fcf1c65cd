import { randomBytes } from 'node:crypto';
import type { ApiKeyKind } from '../../src/api-key/api-key.ts';
import type { RequestContext, Services } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { insertDirectoryEntry } from '../../src/directory/directory.repository.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { hashPassword } from '../../src/identity/password.ts';
import type { Role } from '../../src/identity/permissions.ts';
import { newId, type OrganizationRef, PLATFORM_ROOT_ID, type ServiceProviderRef } from '../../src/ids.ts';
import { findOrganization } from '../../src/organization/organization.repository.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { findServiceProvider } from '../../src/service-provider/service-provider.repository.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { actorOf } from '../../src/staff/staff-actor.ts';
import { insertStaffMember } from '../../src/staff/staff-member.repository.ts';
import { newStaffMember, type StaffMember } from '../../src/staff/staff-member.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { fold } from '../../src/text.ts';

export const YEAR_MS = 365 * 24 * 3600 * 1000;

export function contextOf(services: Services, actor: Actor, now = new Date()): RequestContext {
  return { ...services, actor, requestId: newId<'Request'>(), now, ipAddress: '192.0.2.1' };
}

export function uniqueName(prefix: string): string {
  return `${prefix} ${randomBytes(5).toString('hex')}`;
}

type Place = 'PLATFORM' | ServiceProviderRef | OrganizationRef;

/** Where whoever belongs there belongs. */
export async function placeOf(services: Services, place: Place) {
  if (place === 'PLATFORM') {
    return { rootProviderId: PLATFORM_ROOT_ID, providerId: null, providerPath: [], organizationId: null };
  }
  return services.database.read(PLATFORM_SCOPE, async (tx) => {
    if ('organizationId' in place) {
      const found = await findOrganization(tx, place);
      if (found === null) throw new Error('no such organization');
      const { rootProviderId, providerId, providerPath, organizationId } = found;
      return { rootProviderId, providerId, providerPath, organizationId };
    }
    const found = await findServiceProvider(tx, place);
    if (found === null) throw new Error('no such provider');
    const { rootProviderId, id: providerId, providerPath } = found;
    return { rootProviderId, providerId, providerPath, organizationId: null };
  });
}

export interface TestStaff {
  readonly actor: Actor;
  readonly member: StaffMember;
  readonly username: string;
  readonly password: string;
}

const PASSWORD = 'correct horse battery';
/** Made once in a test file: a hundred people need not take a hundred times as long. */
const hashOfPassword = hashPassword(new Secret(PASSWORD));

/** Somebody who can sign in. */
export async function createStaff(
  services: Services,
  role: Role,
  place: Place,
  password = PASSWORD,
): Promise<TestStaff> {
  const username = `${role.toLowerCase()}.${randomBytes(5).toString('hex')}@keyward.test`;
  const member = newStaffMember({
    place: await placeOf(services, place),
    username,
    displayName: `${role} ${username}`,
    role,
    createdAt: new Date(),
  });
  const passwordHash = await (password === PASSWORD ? hashOfPassword : hashPassword(new Secret(password)));
  await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const entry = { rootProviderId: member.rootProviderId, targetId: member.id };
    await insertDirectoryEntry(tx, 'LOGIN_NAME', fold(username), entry);
    await insertStaffMember(tx, member, passwordHash);
  });
  return { actor: actorOf(member), member, username, password };
}

/** Two roots with a reseller each, so that every relation of tenants occurs: own, child, parent, sibling, foreign. */
export interface Tenants {
  readonly platformAdmin: TestStaff;
  readonly root: ServiceProviderRef;
  readonly reseller: ServiceProviderRef;
  readonly otherReseller: ServiceProviderRef;
  readonly foreignRoot: ServiceProviderRef;
}

export async function createTenants(services: Services): Promise<Tenants> {
  const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const ctx = contextOf(services, platformAdmin.actor);
  const provider = (parent: ServiceProviderRef | null) =>
    createServiceProvider(ctx, { name: uniqueName('Provider'), parent, baseUrl: null, idempotencyKey: null });
  const root = await provider(null);
  return {
    platformAdmin,
    root,
    reseller: await provider(root),
    otherReseller: await provider(root),
    foreignRoot: await provider(null),
  };
}

/** An organization, by default with an active subscription and so with a key. */
export async function createTestOrganization(
  services: Services,
  platformAdmin: TestStaff,
  serviceProvider: ServiceProviderRef,
  subscription: { startsAt?: Date; endsAt?: Date } | null = {},
): Promise<OrganizationRef> {
  const ctx = contextOf(services, platformAdmin.actor);
  const organization = await createOrganization(ctx, {
    serviceProvider,
    name: uniqueName('Organization'),
    externalId: null,
    idempotencyKey: null,
  });
  if (subscription === null) return organization;
  await applySubscription(ctx, {
    organization,
    plan: 'API Business',
    startsAt: subscription.startsAt ?? null,
    endsAt: subscription.endsAt ?? new Date(ctx.now.getTime() + YEAR_MS),
    callThreshold: null,
    thresholdPeriod: null,
    idempotencyKey: null,
  });
  return organization;
}

export function keyInput(organization: OrganizationRef | null, kind: ApiKeyKind = 'CLOUD_SERVICE') {
  return { organization, kind, expectedVersion: null, idempotencyKey: null };
}

import type { Services } from '../../src/context.ts';
import type { Scope } from '../../src/database/scope.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { canary } from './canary.ts';
import { contextOf, createStaff, type TestStaff, YEAR_MS } from './fixtures.ts';
import { tokenOfSession } from './session.ts';
import type { TestServer } from './test-installation.ts';

/** One provider with an organization, and the canaries that its staff may be shown: its own and its resellers'. */
export interface Tenant {
  readonly provider: ServiceProviderRef;
  readonly organization: OrganizationRef;
  readonly organizationName: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly scope: Scope;
  readonly ownCanary: string;
  readonly canaries: Set<string>;
  /** The name of its staff: whom they have acted upon sees it. */
  readonly staffCanary: string;
}

const ROOTS = 4;
const RESELLERS_EACH = 4;

/** 20 tenants: four roots, each with four resellers. */
export async function createTwentyTenants(server: TestServer): Promise<Tenant[]> {
  const { services } = server;
  const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const tenants: Tenant[] = [];
  for (let count = 0; count < ROOTS; count++) {
    const resellers: Tenant[] = [];
    const [word, root] = await createProvider(services, platformAdmin, null);
    for (let below = 0; below < RESELLERS_EACH; below++) {
      const [own, reseller] = await createProvider(services, platformAdmin, root);
      resellers.push(await createTenant(server, platformAdmin, reseller, own, []));
    }
    const tenant = await createTenant(server, platformAdmin, root, word, resellers);
    for (const reseller of resellers) reseller.canaries.add(tenant.staffCanary);
    tenants.push(tenant, ...resellers);
  }
  return tenants;
}

async function createProvider(
  services: Services,
  { actor }: TestStaff,
  parent: ServiceProviderRef | null,
): Promise<[string, ServiceProviderRef]> {
  const word = canary();
  const ctx = contextOf(services, actor);
  const input = { name: `Provider ${word}`, parent, baseUrl: null, idempotencyKey: null };
  return [word, await createServiceProvider(ctx, input)];
}

async function createTenant(
  server: TestServer,
  { actor }: TestStaff,
  provider: ServiceProviderRef,
  word: string,
  resellers: readonly Tenant[],
): Promise<Tenant> {
  const { services, database } = server;
  const ctx = contextOf(services, actor);
  const name = `Organization ${word}`;
  const input = { serviceProvider: provider, name, externalId: word, idempotencyKey: null };
  const organization = await createOrganization(ctx, input);
  const endsAt = new Date(Date.now() + YEAR_MS);
  const subscription = { plan: word, startsAt: null, endsAt, callThreshold: null, thresholdPeriod: null };
  await applySubscription(ctx, { ...subscription, organization, idempotencyKey: null });
  const staff = await createStaff(services, 'PROVIDER_ADMIN', provider);
  const staffCanary = canary();
  await database.query('update staff_member set display_name = $2 where id = $1', [staff.member.id, staffCanary]);
  return {
    provider,
    organization,
    organizationName: name,
    headers: { authorization: `Bearer ${await tokenOfSession(services, staff)}` },
    scope: staff.actor.scope,
    ownCanary: word,
    canaries: new Set([word, staffCanary, ...resellers.flatMap((below) => [below.ownCanary, below.staffCanary])]),
    staffCanary,
  };
}

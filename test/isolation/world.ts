import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { canary } from '../support/canary.ts';
import { contextOf, createStaff, type TestStaff } from '../support/fixtures.ts';
import { insertAuditLinks } from '../support/tenant-rows/audit.ts';
import { fillTenant } from './fill-tenant.ts';
import { missingTarget } from './missing-target.ts';
import {
  createNamedStaff,
  createTenantOrganization,
  createTwin,
  type Installation,
  keyStringOf,
  say,
} from './tenant-organization.ts';
import type { Relation, Target } from './things.ts';

/** Tenants in every relation to the one called `own`, each with something of everything, and each text a canary. */
export interface World {
  readonly keyward: Installation;
  readonly platformAdmin: TestStaff;
  readonly providers: Readonly<Record<Relation | 'grantee', ServiceProviderRef>>;
  readonly organizations: Readonly<Record<Relation, OrganizationRef>>;
  readonly targets: Readonly<Record<Relation, Target>>;
  /** Well-formed, and names nothing. */
  readonly missing: Target;
  /** By organization id. */
  readonly keyStrings: ReadonlyMap<string, string>;
}

export async function createWorld(keyward: Installation): Promise<World> {
  const platformAdmin = await createStaff(keyward.services, 'PLATFORM_ADMIN', 'PLATFORM');
  const providers = await createProviders(keyward, platformAdmin);
  const made = new Map<Relation, { organization: OrganizationRef; target: Target }>();
  const keyStrings = new Map<string, string>();
  const relations = Object.keys(providers).filter((name): name is Relation => name !== 'grantee');
  for (const [index, relation] of relations.entries()) {
    const provider = providers[relation];
    const operator = await createNamedStaff(keyward, 'PROVIDER_ADMIN', provider);
    const maker = { keyward, platformAdmin, operator, provider, grantee: providers.grantee };
    const organization = await createTenantOrganization(maker, 7_100_000 + index);
    made.set(relation, { organization, target: await fillTenant(maker, relation, organization) });
    const keyString = await keyStringOf(keyward, organization);
    keyStrings.set(organization.organizationId, keyString);
    if (relation === 'own') await createTwin(maker, keyString);
  }
  await keyward.database.query(
    `update audit_event e set on_behalf_of = p.name from service_provider p
     where p.id = e.provider_path[cardinality(e.provider_path)] and e.action = 'api_key.disable'`,
  );
  await insertAuditLinks(keyward.database);
  const of = (relation: Relation) => {
    const found = made.get(relation);
    if (found === undefined) throw new Error(`no tenant stands as ${relation}`);
    return found;
  };
  const pick = <Value>(choose: (tenant: ReturnType<typeof of>) => Value) =>
    Object.fromEntries(relations.map((relation) => [relation, choose(of(relation))])) as Record<Relation, Value>;
  return {
    keyward,
    platformAdmin,
    providers,
    organizations: pick(({ organization }) => organization),
    targets: pick(({ target }) => target),
    missing: missingTarget(providers.own),
    keyStrings,
  };
}

async function createProviders(
  { services }: Installation,
  { actor }: TestStaff,
): Promise<Record<Relation | 'grantee', ServiceProviderRef>> {
  const provider = (parent: ServiceProviderRef | null) =>
    createServiceProvider(contextOf(services, actor), {
      name: say('Provider'),
      parent,
      baseUrl: `https://${canary()}.example`,
      idempotencyKey: null,
    });
  const root = await provider(null);
  const parent = await provider(root);
  const own = await provider(parent);
  return {
    own,
    neighbour: own,
    child: await provider(own),
    sibling: await provider(parent),
    parent,
    root,
    foreign: await provider(null),
    grantee: await provider(null),
  };
}

import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import { disableApiKey, editApiKey, regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { SavedFilter } from '../../src/fleet/fleet.ts';
import { encodeActorId, encodeApiKeyId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { Place } from '../../src/identity/actor.ts';
import type { Role } from '../../src/identity/permissions.ts';
import { newId, type OrganizationRef, type ServiceProviderRef, type StaffMemberId } from '../../src/ids.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { secretContextOf } from '../../src/webhook/webhook-endpoint.ts';
import { generateWebhookSecret, joinSecrets } from '../../src/webhook/webhook-secret.ts';
import { canary } from '../support/canary.ts';
import { contextOf, createStaff, keyInput, placeOf, type TestStaff, YEAR_MS } from '../support/fixtures.ts';
import {
  insertApiSession,
  insertAuditLinks,
  insertAuthorizationServer,
  insertBulkOperation,
  insertCustomRole,
  insertDelegation,
  insertImport,
  insertMailRecipient,
  insertOrganizationGroup,
  insertOverlap,
  insertRotationPolicy,
  insertServiceAccount,
  insertSession,
  insertSubscriptionNotice,
  insertTrustedIssuer,
  insertUsage,
  insertWebhookEndpoint,
} from '../support/tenant-rows.ts';
import type { TestInstallation } from '../support/test-installation.ts';
import { type Relation, type Target, type Thing, things } from './things.ts';

export type Installation = Pick<TestInstallation, 'services' | 'database'>;

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

const say = (what: string): string => `${what} ${canary()}`;

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

interface Maker {
  readonly keyward: Installation;
  readonly platformAdmin: TestStaff;
  /** Of the tenant's own provider. */
  readonly operator: TestStaff;
  readonly provider: ServiceProviderRef;
  readonly grantee: ServiceProviderRef;
}

/** Somebody of the tenant, with a canary for a name. */
async function createNamedStaff(
  { services, database }: Installation,
  role: Role,
  place: ServiceProviderRef | OrganizationRef,
): Promise<TestStaff> {
  const staff = await createStaff(services, role, place);
  const [displayName, username] = [say('Somebody'), `${canary()}@keyward.test`];
  await database.query(
    `update staff_member set display_name = $3, username = $4, username_folded = $4, last_login_at = now()
     where root_provider_id = $1 and id = $2`,
    [staff.member.rootProviderId, staff.member.id, displayName, username],
  );
  return {
    ...staff,
    username,
    actor: { ...staff.actor, displayName },
    member: { ...staff.member, displayName, username },
  };
}

/** With a subscription and a key in one slot, and a disablement of the other, all by people of its own provider. */
async function createTenantOrganization(maker: Maker, callThreshold: number): Promise<OrganizationRef> {
  const { keyward, platformAdmin, operator, provider } = maker;
  const { services } = keyward;
  const platform = contextOf(services, platformAdmin.actor);
  const organization = await createOrganization(platform, {
    serviceProvider: provider,
    name: say('Organization'),
    externalId: canary(),
    idempotencyKey: null,
  });
  await applySubscription(platform, {
    organization,
    plan: say('Plan'),
    startsAt: null,
    endsAt: new Date(platform.now.getTime() + YEAR_MS),
    callThreshold,
    thresholdPeriod: 'DAY',
    idempotencyKey: null,
  });
  const ctx = contextOf(services, operator.actor);
  await regenerateApiKey(ctx, keyInput(organization));
  const disabled = { ...keyInput(organization, 'SANDBOX_SUBMISSION'), reason: 'OTHER' as const };
  await disableApiKey(ctx, { ...disabled, note: say('Note') });
  return organization;
}

/** Another organization with the same string, so that there is a group of those who share it. */
async function createTwin(maker: Maker, keyString: string): Promise<void> {
  const organization = await createTenantOrganization(maker, 7_200_000);
  const ctx = contextOf(maker.keyward.services, maker.operator.actor);
  await editApiKey(ctx, { ...keyInput(organization), newKey: new Secret(keyString) });
}

/** With a value in every condition. */
function savedFilterOf({ rootProviderId, serviceProviderId }: ServiceProviderRef, { fingerprint }: Found): SavedFilter {
  return {
    search: say('search'),
    serviceProvider: { rootProviderId, serviceProviderId },
    apiKeyStatus: ['ENABLED'],
    disablementSource: ['PLATFORM'],
    subscriptionStatus: ['ACTIVE'],
    fingerprint,
    fingerprintNot: fingerprint,
    subscriptionEndsBefore: new Date('2999-01-01'),
    keyModifiedSince: new Date('2000-01-01'),
    keyModifiedBefore: new Date('2999-01-01'),
    thresholdUsedPercentAtLeast: 1,
    rotation: ['DUE'],
  };
}

async function fillTenant(maker: Maker, relation: Relation, organization: OrganizationRef): Promise<Target> {
  const { keyward, operator, provider } = maker;
  const { services, database } = keyward;
  const own = await placeOf(services, organization);
  const place: Place = { ...own, organizationId: null };
  const admin = await createNamedStaff(keyward, 'ORG_ADMIN', organization);
  for (const { member } of [operator, admin]) await insertSession(database, member, member.id);
  const [providerAccount, account] = [
    await insertServiceAccount(database, place, ['apiKey:view'], say),
    await insertServiceAccount(database, own, ['apiKey:view'], say),
  ];
  const { rootProviderId } = provider;
  const id = (type: Parameters<typeof encodeGlobalId>[0], uuid: string) => encodeGlobalId(type, rootProviderId, uuid);
  const found = await findRows(keyward, provider, organization);
  await insertUsage(database, own, say);
  await insertSubscriptionNotice(database, organization);
  await insertOverlap(database, organization);
  await insertOrganizationGroup(database, place, savedFilterOf(provider, found), say);
  const delegation = {
    organizationIds: [organization.organizationId],
    role: 'PROVIDER_SUPPORT' as const,
    granteeRootProviderId: maker.grantee.rootProviderId,
    granteeProviderId: maker.grantee.serviceProviderId,
  };
  return {
    relation,
    ids: {
      ServiceProvider: id('ServiceProvider', provider.serviceProviderId),
      CustomRole: id('CustomRole', await insertCustomRole(database, place, ['apiKey:view'], say)),
      TrustedIssuer: id('TrustedIssuer', await insertTrustedIssuer(database, place, say)),
      OrganizationGroup: id(
        'OrganizationGroup',
        await insertOrganizationGroup(database, place, [organization.organizationId], say),
      ),
      WebhookEndpoint: id('WebhookEndpoint', await insertEndpoint(keyward, place, organization)),
      MailRecipient: id('MailRecipient', await insertMailRecipient(database, place, organization, say)),
      RotationPolicy: id('RotationPolicy', await insertRotationPolicy(database, place, organization, say)),
      Delegation: id('Delegation', await insertDelegation(database, place, delegation, say)),
      BulkOperation: id('BulkOperation', await insertBulkOperation(database, place, organization, say)),
      Import: id('BulkOperation', await insertImport(database, place, say)),
      ProviderStaff: encodeActorId(operator.member.id),
      ProviderAccount: encodeActorId(providerAccount.id),
      ProviderAccountSecret: id('ServiceAccountSecret', providerAccount.secretId),
      ProviderAuditEvent: id('AuditEvent', found.providerEventId),
      Organization: id('Organization', organization.organizationId),
      Subscription: id('Subscription', found.subscriptionId),
      ApiKey: encodeApiKeyId({ ...organization, kind: 'CLOUD_SERVICE' }),
      AuthorizationServer: id('AuthorizationServer', await insertAuthorizationServer(database, own, say)),
      ApiSession: id('ApiSession', await insertApiSession(database, own, admin.member.id, say)),
      AuditEvent: id('AuditEvent', found.eventId),
      OrganizationStaff: encodeActorId(admin.member.id),
      OrganizationAccount: encodeActorId(account.id),
      OrganizationAccountSecret: id('ServiceAccountSecret', account.secretId),
    },
    words: {
      organizationName: found.organizationName,
      providerName: found.providerName,
      fingerprint: found.fingerprint,
      organizationUsername: admin.username,
      providerUsername: operator.username,
    },
  };
}

/** With a secret that opens, so that it can be replaced. */
async function insertEndpoint(
  { services, database }: Installation,
  place: Place,
  organization: OrganizationRef,
): Promise<string> {
  const id = await insertWebhookEndpoint(database, place, organization, say);
  const { ciphertext, dataKeyVersion } = await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const keys = await services.keyRing.of(tx, place.rootProviderId);
    return keys.seal(joinSecrets({ current: generateWebhookSecret(), previous: null }), secretContextOf(id));
  });
  await database.query('update webhook_endpoint set ciphertext = $2, data_key_version = $3 where id = $1', [
    ...[id, ciphertext, dataKeyVersion],
  ]);
  return id;
}

interface Found {
  readonly subscriptionId: string;
  readonly providerEventId: string;
  readonly eventId: string;
  readonly organizationName: string;
  readonly providerName: string;
  readonly fingerprint: string;
}

async function findRows(
  { database }: Installation,
  provider: ServiceProviderRef,
  organization: OrganizationRef,
): Promise<Found> {
  const [found] = await database.query<Found & Record<string, unknown>>(
    `select p.name as "providerName", o.name as "organizationName", encode(k.fingerprint, 'hex') as fingerprint,
       (select id from subscription where organization_id = o.id) as "subscriptionId",
       (select id from audit_event where organization_id = o.id and action = 'api_key.regenerate') as "eventId",
       (select id from audit_event where target = p.id::text and action = 'service_provider.create') as "providerEventId"
     from service_provider p, organization o, api_key k
     where p.id = $1 and o.id = $2 and k.organization_id = o.id and k.kind = 'CLOUD_SERVICE'`,
    [provider.serviceProviderId, organization.organizationId],
  );
  if (found === undefined) throw new Error('the tenant has not come to be');
  return found;
}

async function keyStringOf({ services }: Installation, organization: OrganizationRef): Promise<string> {
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const slot = await lockSlot(tx, { ...organization, kind: 'CLOUD_SERVICE' });
    const keyString = slot === null ? null : await openKeyString(services, tx, slot);
    if (keyString === null) throw new Error('the organization has no key');
    return keyString.expose();
  });
}

/** Of the caller's own root: there is nothing that it could be mistaken for. */
function missingTarget({ rootProviderId }: ServiceProviderRef): Target {
  const types: Partial<Record<Thing, Parameters<typeof encodeGlobalId>[0]>> = {
    ProviderAccountSecret: 'ServiceAccountSecret',
    OrganizationAccountSecret: 'ServiceAccountSecret',
    ProviderAuditEvent: 'AuditEvent',
    Import: 'BulkOperation',
  };
  const idOf = (thing: Thing): string => {
    if (/(Staff|Account)$/.test(thing)) return encodeActorId(newId<'StaffMember'>() satisfies StaffMemberId);
    const type = types[thing] ?? (thing as Parameters<typeof encodeGlobalId>[0]);
    return encodeGlobalId(type, rootProviderId, newId());
  };
  return {
    relation: 'missing',
    ids: Object.fromEntries(things.map((thing) => [thing, idOf(thing)])) as Record<Thing, string>,
    words: {
      organizationName: `Organization ${'x'.repeat(15)}`,
      providerName: `Provider ${'x'.repeat(15)}`,
      fingerprint: '0'.repeat(64),
      organizationUsername: `${'x'.repeat(15)}@keyward.test`,
      providerUsername: `${'x'.repeat(15)}@keyward.test`,
    },
  };
}

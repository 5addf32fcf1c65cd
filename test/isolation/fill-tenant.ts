import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { SavedFilter } from '../../src/fleet/fleet.ts';
import { encodeActorId, encodeApiKeyId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { Place } from '../../src/identity/actor.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { secretContextOf } from '../../src/webhook/webhook-endpoint.ts';
import { generateWebhookSecret, joinSecrets } from '../../src/webhook/webhook-secret.ts';
import { placeOf } from '../support/fixtures.ts';
import {
  insertCustomRole,
  insertDelegation,
  insertServiceAccount,
  insertSession,
  insertTrustedIssuer,
} from '../support/tenant-rows/access.ts';
import { insertApiSession, insertAuthorizationServer, insertUsage } from '../support/tenant-rows/data-plane.ts';
import {
  insertMailRecipient,
  insertSubscriptionNotice,
  insertWebhookEndpoint,
} from '../support/tenant-rows/notices.ts';
import { insertBulkOperation, insertImport, insertOrganizationGroup } from '../support/tenant-rows/operations.ts';
import { insertOverlap, insertRotationPolicy } from '../support/tenant-rows/rotation.ts';
import { createNamedStaff, type Installation, type Maker, say } from './tenant-organization.ts';
import type { Relation, Target } from './things.ts';

/** Something of everything that an id can name, for an organization and the provider that serves it. */
export async function fillTenant(maker: Maker, relation: Relation, organization: OrganizationRef): Promise<Target> {
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

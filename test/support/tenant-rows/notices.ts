import { randomBytes } from 'node:crypto';
import type { Place } from '../../../src/identity/actor.ts';
import {
  type MailRecipientId,
  newId,
  type OrganizationRef,
  type ServiceProviderId,
  type WebhookEndpointId,
} from '../../../src/ids.ts';
import type { TestDatabase } from '../test-database.ts';
import { plainWords, type Words } from './words.ts';

/** One that has been told of something about an organization, and one that is disabled. */
export async function insertWebhookEndpoint(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<WebhookEndpointId> {
  const [id, disabledId] = [newId<'WebhookEndpoint'>(), newId<'WebhookEndpoint'>()];
  const sealed = await sealedNowhere(database, rootProviderId);
  for (const [endpointId, disabled] of [
    [id, 'null, null'],
    [disabledId, "now(), 'GONE'"],
  ] as const) {
    const url = `https://${words('hook').replaceAll(' ', '-')}.example/`;
    await database.query(
      `insert into webhook_endpoint (root_provider_id, id, provider_id, provider_path, name, url, events, organization_ids,
         ciphertext, data_key_version, previous_secret_until, cursor, failing_since, created_at, created_by_name, disabled_at,
         disabled_reason)
       values ($1, $2, $3, $4, $5, $6, '{api_key.added,api_key.regenerated}', $7, $8, $9, now(), 1e9, now(), now(), $10,
         ${disabled})`,
      [
        ...[rootProviderId, endpointId, providerId, providerPath, words('endpoint'), url, [organizationId]],
        ...[sealed.ciphertext, sealed.version, words('somebody')],
      ],
    );
  }
  await database.query(
    `insert into webhook_delivery (root_provider_id, endpoint_id, event_id, sequence, provider_path, organization_id, lane, type,
       status, attempts, created_at, first_attempt_at, last_attempt_at, response_status, error, delivered_at)
     values ($1, $2, $3, 1, $4, $5, $5, 'api_key.added', 'DELIVERED', 1, now(), now(), now(), 204, $6, now()),
       ($1, $2, $7, 2, $4, $5, $5, 'api_key.regenerated', 'PENDING', 1, now(), now(), now(), 500, $6, null)`,
    [rootProviderId, id, newId(), providerPath, organizationId, words('error'), newId()],
  );
  await database.query(
    `insert into webhook_lane (root_provider_id, endpoint_id, lane, provider_path, pending, next_attempt_at)
     values ($1, $2, $3, $4, 1, now() + interval '1 day')`,
    [rootProviderId, id, organizationId, providerPath],
  );
  return id;
}

/** Bytes that open nowhere, under a data key that there is. */
async function sealedNowhere({ query }: TestDatabase, rootProviderId: ServiceProviderId) {
  const [key] = await query<{ version: number }>(
    `select max(version) as version from data_key where root_provider_id = $1 and purpose = 'ENCRYPTION'`,
    [rootProviderId],
  );
  return { ciphertext: randomBytes(64), version: key?.version ?? 1 };
}

/** One that is told of something about an organization, and one that is disabled. */
export async function insertMailRecipient(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<MailRecipientId> {
  const [id, disabledId] = [newId<'MailRecipient'>(), newId<'MailRecipient'>()];
  for (const [recipientId, disabled] of [
    [id, 'null, null'],
    [disabledId, "now(), 'FAILING'"],
  ] as const) {
    const address = `${words('address').replaceAll(/[^a-zA-Z0-9]/g, '-')}@example.com`;
    await database.query(
      `insert into mail_recipient (root_provider_id, id, provider_id, provider_path, address, events, organization_ids, digest,
         cursor, due_at, through, attempts, last_sent_at, failing_since, error, created_at, created_by_name, disabled_at,
         disabled_reason)
       values ($1, $2, $3, $4, $5, '{api_key.added,api_key.regenerated}', $6, 'DAILY', 1e9, now() + interval '1 hour', 1e9, 1,
         now(), now(), $7, now(), $8, ${disabled})`,
      [
        ...[rootProviderId, recipientId, providerId, providerPath, address, [organizationId]],
        ...[words('error'), words('somebody')],
      ],
    );
  }
  return id;
}

/** That the end of an organization's subscription was told of. */
export async function insertSubscriptionNotice(
  database: TestDatabase,
  { organizationId }: OrganizationRef,
): Promise<void> {
  await database.query(
    `insert into subscription_notice (root_provider_id, subscription_id, ends_at, lead_days, organization_id, provider_path, at)
     select root_provider_id, id, ends_at, 30, organization_id, provider_path, now() from subscription
     where organization_id = $1 and superseded_at is null on conflict do nothing`,
    [organizationId],
  );
}

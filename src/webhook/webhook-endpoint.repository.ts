import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { ofProviders } from '../fleet/conditions.sql.ts';
import type { ServiceProviderId, ServiceProviderRef, WebhookEndpointRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { type EndpointRow, toEndpoint, webhookEndpointColumns } from './webhook-endpoint.sql.ts';
import type { DisabledReason, WebhookEndpoint } from './webhook-endpoint.ts';

const one = `select ${webhookEndpointColumns} from webhook_endpoint e where e.root_provider_id = $1 and e.id = $2`;

const find = statement<EndpointRow>('webhook_endpoint.find', one);

export async function findWebhookEndpoint(tx: Tx, ref: WebhookEndpointRef): Promise<WebhookEndpoint | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.webhookEndpointId]);
  return row === null ? null : toEndpoint(row);
}

const lock = statement<EndpointRow>('webhook_endpoint.lock', `${one} for update`);

/** Meanwhile nothing new is put in line for it. */
export async function lockWebhookEndpoint(tx: Tx, ref: WebhookEndpointRef): Promise<WebhookEndpoint | null> {
  const row = await tx.rowOrNull(lock, [ref.rootProviderId, ref.webhookEndpointId]);
  return row === null ? null : toEndpoint(row);
}

/** By age: ids made later sort later. One longer than asked for. */
export async function findWebhookEndpointPage(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<WebhookEndpoint[]> {
  const conditions = ofProviders(scope, serviceProvider, 'e');
  if (after !== null) conditions.add('a', [after.id], (id) => `e.id > ${id}::uuid`);
  const page = statement<EndpointRow>(
    `webhook_endpoint.page_${conditions.code}`,
    `select ${webhookEndpointColumns} from webhook_endpoint e where ${conditions.where} order by e.id limit $${conditions.values.push(first + 1)}`,
  );
  return (await tx.rows(page, conditions.values)).map(toEndpoint);
}

export async function countWebhookEndpoints(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  const conditions = ofProviders(scope, serviceProvider, 'e');
  const sql = `select count(*)::int as count from webhook_endpoint e where ${conditions.where}`;
  return (
    await tx.row(statement<{ count: number }>(`webhook_endpoint.count_${conditions.code}`, sql), conditions.values)
  ).count;
}

const countOf = statement<{ count: number }>(
  'webhook_endpoint.count_of_provider',
  'select count(*)::int as count from webhook_endpoint where root_provider_id = $1 and provider_id = $2',
);

export async function countEndpointsOf(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  providerId: ServiceProviderId,
): Promise<number> {
  return (await tx.row(countOf, [rootProviderId, providerId])).count;
}

const insert = statement<never>(
  'webhook_endpoint.insert',
  `insert into webhook_endpoint (root_provider_id, id, provider_id, provider_path, name, url, events, organization_ids,
     ciphertext, data_key_version, cursor, created_at, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);

/** @param cursor sequence of the event after which it is told of everything */
export async function insertWebhookEndpoint(tx: Tx, endpoint: WebhookEndpoint, cursor: number): Promise<void> {
  const { rootProviderId, id, providerId, providerPath, name, url, events, organizationIds, sealed } = endpoint;
  await tx.count(insert, [
    ...[rootProviderId, id, providerId, providerPath, name, url, events, organizationIds],
    ...[sealed.ciphertext, sealed.dataKeyVersion, cursor, endpoint.createdAt, endpoint.createdByName],
  ]);
}

const update = statement<never>(
  'webhook_endpoint.update',
  `update webhook_endpoint set name = $3, url = $4, events = $5, organization_ids = $6, ciphertext = $7,
     data_key_version = $8, previous_secret_until = $9, failing_since = $10, disabled_at = $11, disabled_reason = $12
   where root_provider_id = $1 and id = $2`,
);

/** Of a locked one. */
export async function updateWebhookEndpointRow(tx: Tx, endpoint: WebhookEndpoint): Promise<void> {
  const { rootProviderId, id, name, url, events, organizationIds, sealed } = endpoint;
  const written = await tx.count(update, [
    ...[rootProviderId, id, name, url, events, organizationIds, sealed.ciphertext, sealed.dataKeyVersion],
    ...[endpoint.previousSecretUntil, endpoint.failingSince, endpoint.disabledAt, endpoint.disabledReason],
  ]);
  if (written !== 1) throw new Error('a locked webhook endpoint is gone');
}

const remove = statement<never>(
  'webhook_endpoint.delete',
  'delete from webhook_endpoint where root_provider_id = $1 and id = $2',
);

/** With what was sent to it and what waits. */
export async function deleteWebhookEndpointRow(tx: Tx, { rootProviderId, id }: WebhookEndpoint): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

const headOf = statement<{ sequence: number }>(
  'webhook_endpoint.head_of_chain',
  'select sequence::float8 as sequence from audit_chain where root_provider_id = $1',
);

/** The last event of the chain; 0 while it is empty. @param tx has the platform's scope */
export async function findChainHead(tx: Tx, rootProviderId: ServiceProviderId): Promise<number> {
  return (await tx.rowOrNull(headOf, [rootProviderId]))?.sequence ?? 0;
}

const resume = statement<never>(
  'webhook_endpoint.resume',
  `with endpoint as (
     update webhook_endpoint set cursor = $3 where root_provider_id = $1 and id = $2 returning root_provider_id, id),
   begun as (
     update webhook_delivery d set attempts = 0, first_attempt_at = null from endpoint e
     where d.root_provider_id = $1 and d.endpoint_id = $2 and d.status = 'PENDING')
   update webhook_lane l set next_attempt_at = $4 from endpoint e
   where l.root_provider_id = $1 and l.endpoint_id = $2 and l.pending > 0 and l.claim is null`,
);

/** What waited goes on at once, with all its attempts, and then what comes after the cursor. */
export async function resumeEndpoint(
  tx: Tx,
  { rootProviderId, id }: WebhookEndpoint,
  cursor: number,
  now: Date,
): Promise<void> {
  await tx.count(resume, [rootProviderId, id, cursor, now]);
}

const disable = statement<never>(
  'webhook_endpoint.disable',
  `update webhook_endpoint set disabled_at = $3, disabled_reason = $4
   where root_provider_id = $1 and id = $2 and disabled_at is null`,
);

/** @returns whether it was not disabled yet */
export async function disableEndpointRow(
  tx: Tx,
  { rootProviderId, id }: WebhookEndpoint,
  reason: DisabledReason,
  now: Date,
): Promise<boolean> {
  return (await tx.count(disable, [rootProviderId, id, now, reason])) === 1;
}

const setFailing = statement<{ failingSince: Date }>(
  'webhook_endpoint.set_failing',
  `update webhook_endpoint set failing_since = coalesce(failing_since, $3) where root_provider_id = $1 and id = $2
   returning failing_since as "failingSince"`,
);

/** @returns since when it has been; null when it is gone */
export async function markFailing(tx: Tx, { rootProviderId, id }: WebhookEndpoint, now: Date): Promise<Date | null> {
  return (await tx.rowOrNull(setFailing, [rootProviderId, id, now]))?.failingSince ?? null;
}

const setWell = statement<never>(
  'webhook_endpoint.set_well',
  `update webhook_endpoint set failing_since = null
   where root_provider_id = $1 and id = $2 and failing_since is not null`,
);

export async function markWell(tx: Tx, { rootProviderId, id }: WebhookEndpoint): Promise<void> {
  await tx.count(setWell, [rootProviderId, id]);
}

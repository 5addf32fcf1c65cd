import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ServiceProviderRef, WebhookEndpointRef } from '../ids.ts';
import { invalidCursor, type Page, type PageRequest, type Position, toPage } from '../page.ts';
import type { Delivery } from './delivery.ts';
import { countDeliveries, type DeliveryFilter, findDeliveryPage } from './webhook-delivery.repository.ts';
import { countWebhookEndpoints, findWebhookEndpoint, findWebhookEndpointPage } from './webhook-endpoint.repository.ts';
import type { WebhookEndpoint } from './webhook-endpoint.ts';

/** The oldest first. */
export const ENDPOINT_ORDER = 'CREATED_AT_ASC';
/** The newest first. */
export const DELIVERY_ORDER = 'SEQUENCE_DESC';

export function positionOfEndpoint(endpoint: WebhookEndpoint): Position {
  return { value: endpoint.createdAt.toISOString(), id: endpoint.id };
}

export function positionOfDelivery(delivery: Delivery): Position {
  return { value: String(delivery.sequence), id: delivery.eventId };
}

/** Those in sight, or those of one provider in sight and of the resellers below it. @throws DomainError `FORBIDDEN` */
export async function listWebhookEndpoints(
  { actor, database }: RequestContext,
  serviceProvider: ServiceProviderRef | null,
  page: PageRequest,
): Promise<Page<WebhookEndpoint>> {
  requirePermission(actor, 'webhook:manage');
  const { scope } = actor;
  return toPage(await database.read(scope, (tx) => findWebhookEndpointPage(tx, scope, serviceProvider, page)), page);
}

/** @throws DomainError `FORBIDDEN` */
export function countEndpointsInSight(
  { actor, database }: RequestContext,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  requirePermission(actor, 'webhook:manage');
  return database.read(actor.scope, (tx) => countWebhookEndpoints(tx, actor.scope, serviceProvider));
}

/** Null when it does not exist, is out of sight, or the caller does not manage webhooks. */
export async function lookUpWebhookEndpoint(
  { actor, database }: RequestContext,
  ref: WebhookEndpointRef,
): Promise<WebhookEndpoint | null> {
  if (!actor.permissions.has('webhook:manage')) return null;
  const found = await database.read(actor.scope, (tx) => findWebhookEndpoint(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}

/** Of an endpoint in sight. @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export async function listDeliveries(
  { actor, database }: RequestContext,
  endpoint: WebhookEndpointRef,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<Delivery>> {
  requirePermission(actor, 'webhook:manage');
  const after = sequenceOf(page.after);
  return toPage(
    await database.read(actor.scope, (tx) => findDeliveryPage(tx, endpoint, filter, after, page.first)),
    page,
  );
}

/** @throws DomainError `FORBIDDEN` */
export function countDeliveriesOf(
  { actor, database }: RequestContext,
  endpoint: WebhookEndpointRef,
  filter: DeliveryFilter,
): Promise<number> {
  requirePermission(actor, 'webhook:manage');
  return database.read(actor.scope, (tx) => countDeliveries(tx, endpoint, filter));
}

function sequenceOf(position: Position | null): number | null {
  if (position === null) return null;
  if (/^\d{1,15}$/.test(position.value)) return Number(position.value);
  throw invalidCursor();
}

import type { AuditAction, AuditState } from '../audit/audit-event.ts';
import { type Change, recordChange } from '../audit/record-audit.ts';
import { type Outcome, runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { type EventType, permissionForEvent } from '../events/event-type.ts';
import { authorize, requirePermission } from '../identity/authorize.ts';
import type { WebhookEndpointRef } from '../ids.ts';
import { lockServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { findWebhookEndpoint, lockWebhookEndpoint } from './webhook-endpoint.repository.ts';
import { auditStateOf, type WebhookEndpoint } from './webhook-endpoint.ts';

export interface WebhookEndpointInput {
  /** Null: an id that names nothing. */
  readonly webhookEndpoint: WebhookEndpointRef | null;
  readonly idempotencyKey: string | null;
}

type EndpointAction = Extract<AuditAction, `webhook_endpoint.${string}`>;

/** One command on one endpoint, under its lock. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export function runEndpointCommand<Answer>(
  ctx: RequestContext,
  action: EndpointAction,
  { webhookEndpoint: ref, idempotencyKey }: WebhookEndpointInput,
  given: Readonly<Record<string, unknown>>,
  change: (tx: Tx, endpoint: WebhookEndpoint) => Promise<Answer>,
): Promise<Outcome<Answer>> {
  const locate = async (tx: Tx) => (ref === null ? null : findWebhookEndpoint(tx, ref));
  const target = ref?.webhookEndpointId ?? null;
  const command = { action, input: { webhookEndpoint: ref, ...given }, idempotencyKey, target, locate };
  return runCommand(ctx, command, async (tx) => {
    const locked = ref === null ? null : await lockWebhookEndpoint(tx, ref);
    return change(tx, authorize(ctx.actor, 'webhook:manage', locked, 'webhookEndpointId'));
  });
}

/** @param more of what the command did besides */
export function recordEndpoint(
  ctx: RequestContext,
  tx: Tx,
  action: EndpointAction,
  change: Change<WebhookEndpoint>,
  more: AuditState | null = null,
): Promise<void> {
  return recordChange(tx, ctx, action, change, auditStateOf, more);
}

/** @throws DomainError `VALIDATION_FAILED` when it leads where nothing is ever sent; names are judged at each attempt */
export function requireAskable({ outboundFetch }: RequestContext, url: string): void {
  const refusal = outboundFetch.refusalOf(url);
  if (refusal === null) return;
  throw validationFailed('url', `Give an https URL of a host on the public internet: ${refusal.message}.`);
}

/**
 * The provider that is to tell somebody more, locked. Whoever sees no more of it than its face has nobody told there.
 * @param refusal what they are told
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`
 */
export async function lockTellingProvider(
  { actor }: RequestContext,
  tx: Tx,
  found: ServiceProvider | null,
  refusal: string,
): Promise<ServiceProvider> {
  const seen = authorize(actor, 'webhook:manage', found, 'serviceProviderId', seesProvider);
  const provider = inSight(actor.scope, seen) ? await lockServiceProvider(tx, seen) : null;
  if (provider === null) throw new DomainError('FORBIDDEN', refusal);
  return provider;
}

/** @throws DomainError `FORBIDDEN` without the permission to see what one of them tells of */
export function requireMayBeTold({ actor }: RequestContext, events: readonly EventType[]): void {
  for (const permission of new Set(events.map(permissionForEvent))) requirePermission(actor, permission);
}

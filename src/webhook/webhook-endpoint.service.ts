import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { parseEventTypes } from '../events/event-type.ts';
import { newId, type OrganizationRef, type ServiceProviderRef, type WebhookEndpointRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { findChosenOrganizations } from './find-chosen-organizations.ts';
import {
  lockTellingProvider,
  recordEndpoint,
  requireAskable,
  requireMayBeTold,
  runEndpointCommand,
  type WebhookEndpointInput,
} from './run-endpoint-command.ts';
import { switchedTo } from './switched-to.ts';
import {
  countEndpointsOf,
  deleteWebhookEndpointRow,
  findChainHead,
  insertWebhookEndpoint,
  resumeEndpoint,
  updateWebhookEndpointRow,
} from './webhook-endpoint.repository.ts';
import {
  MOST_ENDPOINTS,
  parseName,
  parseOverlap,
  parseUrl,
  refOf,
  secretContextOf,
  type WebhookEndpoint,
} from './webhook-endpoint.ts';
import { generateWebhookSecret, joinSecrets, splitSecrets } from './webhook-secret.ts';

// Every one may be refused with NOT_FOUND, FORBIDDEN and IDEMPOTENCY_KEY_REUSED.

export interface CreateWebhookEndpoint {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Null: all. In it, null: an id that names nothing. */
  readonly organizations: readonly (OrganizationRef | null)[] | null;
  readonly idempotencyKey: string | null;
}

/** An endpoint, and its new signing secret; null when a replay tells of it. */
export interface NewWebhookSecret {
  readonly ref: WebhookEndpointRef;
  readonly secret: Secret | null;
}

/**
 * It is told of what happens from now on. Whoever chooses an event must be allowed to see what it tells of.
 * @throws DomainError `VALIDATION_FAILED`, `LIMIT_REACHED`, `SECRETS_UNAVAILABLE`
 */
export async function createWebhookEndpoint(
  ctx: RequestContext,
  input: CreateWebhookEndpoint,
): Promise<NewWebhookSecret> {
  const { serviceProvider } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'webhook_endpoint.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const secret = generateWebhookSecret();
  const { answer: ref, replayed } = await runCommand(ctx, command, async (tx) => {
    const provider = await requireProvider(ctx, tx, await find(tx));
    const endpoint = await newEndpoint(ctx, tx, provider, input, secret);
    const cursor = await tx.within(PLATFORM_SCOPE, (all) => findChainHead(all, provider.rootProviderId));
    await insertWebhookEndpoint(tx, endpoint, cursor);
    await recordEndpoint(ctx, tx, command.action, { before: null, after: endpoint });
    return refOf(endpoint);
  });
  return { ref, secret: replayed ? null : secret };
}

async function requireProvider(ctx: RequestContext, tx: Tx, found: ServiceProvider | null): Promise<ServiceProvider> {
  const provider = await lockTellingProvider(ctx, tx, found, "Webhooks are a provider's: ask its administrators.");
  if ((await countEndpointsOf(tx, provider.rootProviderId, provider.id)) < MOST_ENDPOINTS) return provider;
  const message = `A provider has at most ${MOST_ENDPOINTS} webhook endpoints. Delete one that is not in use any more.`;
  throw new DomainError('LIMIT_REACHED', message, ['serviceProviderId']);
}

async function newEndpoint(
  ctx: RequestContext,
  tx: Tx,
  { rootProviderId, id: providerId, providerPath }: ServiceProvider,
  input: CreateWebhookEndpoint,
  secret: Secret,
): Promise<WebhookEndpoint> {
  const id = newId<'WebhookEndpoint'>();
  const place = { rootProviderId, providerId, providerPath, organizationId: null };
  const [name, url] = [parseName(input.name), parseUrl(input.url)];
  requireAskable(ctx, url);
  const events = parseEventTypes('events', input.events);
  requireMayBeTold(ctx, events);
  const organizationIds = await findChosenOrganizations(tx, place, input.organizations);
  const keys = await ctx.keyRing.of(tx, rootProviderId);
  const sealed = keys.seal(joinSecrets({ current: secret, previous: null }), secretContextOf(id));
  const unborn = { previousSecretUntil: null, failingSince: null, disabledAt: null, disabledReason: null };
  const born = { createdAt: ctx.now, createdByName: ctx.actor.displayName };
  return { ...place, id, name, url, events, organizationIds, sealed, ...unborn, ...born };
}

/** What is undefined stays. */
export interface UpdateWebhookEndpoint extends WebhookEndpointInput {
  readonly name: string | undefined;
  readonly url: string | undefined;
  readonly events: readonly string[] | undefined;
  readonly organizations: readonly (OrganizationRef | null)[] | null | undefined;
  readonly isEnabled: boolean | undefined;
}

/**
 * Enabled again, it goes on with what waited, and with what happens from then on: `replayWebhookEvents` has the rest.
 * @throws DomainError `VALIDATION_FAILED`
 */
export async function updateWebhookEndpoint(
  ctx: RequestContext,
  input: UpdateWebhookEndpoint,
): Promise<WebhookEndpointRef> {
  const { webhookEndpoint: _, idempotencyKey: __, ...given } = input;
  const { answer } = await runEndpointCommand(ctx, 'webhook_endpoint.update', input, given, async (tx, before) => {
    const { name, url, events, organizations, isEnabled } = input;
    const after = {
      ...before,
      name: name === undefined ? before.name : parseName(name),
      url: url === undefined ? before.url : parseUrl(url),
      events: events === undefined ? before.events : parseEventTypes('events', events),
      organizationIds:
        organizations === undefined ? before.organizationIds : await findChosenOrganizations(tx, before, organizations),
      ...switchedTo(before, isEnabled, ctx.now),
    };
    if (url !== undefined) requireAskable(ctx, after.url);
    if ([url, events, organizations].some((value) => value !== undefined)) requireMayBeTold(ctx, after.events);
    await updateWebhookEndpointRow(tx, after);
    if (before.disabledAt !== null && after.disabledAt === null) {
      const { rootProviderId } = before;
      const cursor = await tx.within(PLATFORM_SCOPE, (all) => findChainHead(all, rootProviderId));
      await resumeEndpoint(tx, after, cursor, ctx.now);
    }
    await recordEndpoint(ctx, tx, 'webhook_endpoint.update', { before, after });
    return refOf(after);
  });
  return answer;
}

/** With what waits for it, and with the log of what it was sent. */
export async function deleteWebhookEndpoint(
  ctx: RequestContext,
  input: WebhookEndpointInput,
): Promise<WebhookEndpointRef> {
  const { answer } = await runEndpointCommand(ctx, 'webhook_endpoint.delete', input, {}, async (tx, before) => {
    await deleteWebhookEndpointRow(tx, before);
    await recordEndpoint(ctx, tx, 'webhook_endpoint.delete', { before, after: null });
    return refOf(before);
  });
  return answer;
}

/**
 * Until the overlap is over, what is sent is signed by both secrets; without one the old secret ends at once.
 * @throws DomainError `VALIDATION_FAILED`, `SECRETS_UNAVAILABLE`
 */
export async function rotateWebhookSecret(
  ctx: RequestContext,
  input: WebhookEndpointInput & { readonly overlapHours: number | null },
): Promise<NewWebhookSecret> {
  const secret = generateWebhookSecret();
  const { overlapHours } = input;
  const given = { overlapHours };
  const command = runEndpointCommand(ctx, 'webhook_endpoint.rotate_secret', input, given, async (tx, before) => {
    const previousSecretUntil = parseOverlap(overlapHours, ctx.now);
    const keys = await ctx.keyRing.of(tx, before.rootProviderId, before.sealed.dataKeyVersion);
    const context = secretContextOf(before.id);
    const { current } = splitSecrets(keys.open(before.sealed, context));
    const previous = previousSecretUntil === null ? null : current;
    const sealed = keys.seal(joinSecrets({ current: secret, previous }), context);
    const after = { ...before, sealed, previousSecretUntil };
    await updateWebhookEndpointRow(tx, after);
    await recordEndpoint(ctx, tx, 'webhook_endpoint.rotate_secret', { before, after });
    return refOf(after);
  });
  const { answer: ref, replayed } = await command;
  return { ref, secret: replayed ? null : secret };
}

import type { AuditState } from '../audit/audit-event.ts';
import type { TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import type { EventType } from '../events/event-type.ts';
import type { OrganizationId, ServiceProviderId, WebhookEndpointId, WebhookEndpointRef } from '../ids.ts';
import type { Sealed } from '../secrets/tenant-keys.ts';
import { parseLine } from '../text.ts';

export const disabledReasons = ['BY_STAFF', 'GONE', 'FAILING'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Where a provider is told of events of its own subtree. */
export interface WebhookEndpoint extends TenantRow {
  readonly id: WebhookEndpointId;
  readonly providerId: ServiceProviderId;
  readonly organizationId: null;
  readonly name: string;
  readonly url: string;
  readonly events: readonly EventType[];
  /** Null: of all organizations, and of the provider itself. */
  readonly organizationIds: readonly OrganizationId[] | null;
  /** `WebhookSecrets`, sealed for `secretContextOf`. */
  readonly sealed: Sealed;
  /** Until then it is also signed by the secret before. */
  readonly previousSecretUntil: Date | null;
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: DisabledReason | null;
  readonly createdAt: Date;
  readonly createdByName: string;
}

export const LONGEST_URL = 2000;
const LONGEST_NAME = 200;
export const MOST_ENDPOINTS = 50;
export const MOST_ORGANIZATIONS = 1000;
export const LONGEST_OVERLAP_HOURS = 168;
const DEFAULT_OVERLAP_HOURS = 24;
const HOUR_MS = 3600 * 1000;

/** A sealed secret opens for the endpoint that it was made for, and for no other. */
export function secretContextOf(id: WebhookEndpointId): string {
  return `webhook-endpoint|${id}`;
}

export function refOf({ rootProviderId, id }: WebhookEndpoint): WebhookEndpointRef {
  return { rootProviderId, webhookEndpointId: id };
}

export function parseName(given: string): string {
  return parseLine('name', given, LONGEST_NAME);
}

/**
 * In the one form in which it is kept.
 * @throws DomainError `VALIDATION_FAILED` unless it is an http or https URL without a user; what may be asked is decided besides
 */
export function parseUrl(given: string): string {
  const url = given.length <= LONGEST_URL && URL.canParse(given) ? new URL(given) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
  if (isPlain && url.href.length <= LONGEST_URL) return url.href;
  throw validationFailed('url', 'Give an https URL without a user name, such as https://hooks.example.com/keyward.');
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseOverlap(hours: number | null, now: Date): Date | null {
  const given = hours ?? DEFAULT_OVERLAP_HOURS;
  if (given < 0 || given > LONGEST_OVERLAP_HOURS) {
    throw validationFailed('overlapHours', `Give 0 to ${LONGEST_OVERLAP_HOURS} hours.`);
  }
  return given === 0 ? null : new Date(now.getTime() + given * HOUR_MS);
}

/** Of the URL its origin only: paths and queries of webhooks are often secrets. */
export function auditStateOf(endpoint: WebhookEndpoint): AuditState {
  return {
    name: endpoint.name,
    origin: new URL(endpoint.url).origin,
    events: endpoint.events,
    organizationCount: endpoint.organizationIds?.length ?? null,
    isEnabled: endpoint.disabledAt === null,
    disabledReason: endpoint.disabledReason,
    previousSecretUntil: endpoint.previousSecretUntil?.toISOString() ?? null,
  };
}

import type { ApiKeyStatus, DisablementSource } from '../api-key/api-key.ts';
import type { ApiKeyView } from '../api-key/api-key-slot.ts';
import type { RotationState } from '../api-key/key-age.ts';
import { validationFailed } from '../errors.ts';
import type { OrganizationGroupRef, OrganizationRef, ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import type { OrganizationView } from '../organization/organization.ts';
import type { Page, PageRequest, Position } from '../page.ts';
import type { SubscriptionStatus, SubscriptionView } from '../subscription/subscription.ts';
import { fold } from '../text.ts';

/** Which organizations are wanted; what is null does not matter. Statuses speak of the `CLOUD_SERVICE` slot. */
export interface FleetFilter {
  /** Part of the name or of the external id. */
  readonly search: string | null;
  /** Of this provider and its whole subtree. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly apiKeyStatus: readonly ApiKeyStatus[] | null;
  readonly disablementSource: readonly DisablementSource[] | null;
  readonly subscriptionStatus: readonly SubscriptionStatus[] | null;
  readonly fingerprint: string | null;
  /** Holding a string, and not the one with this fingerprint. */
  readonly fingerprintNot: string | null;
  /** The current subscription ends before. */
  readonly subscriptionEndsBefore: Date | null;
  /** Holding a string that came at or after; `lastModifiedAt` of the slot. */
  readonly keyModifiedSince: Date | null;
  /** Holding a string that came before. */
  readonly keyModifiedBefore: Date | null;
  /** So much of the call threshold, in per cent, is used up in the window that holds now; 1 to 100. */
  readonly thresholdUsedPercentAtLeast: number | null;
  /** Holding a string that a rotation policy holds for, and so far on. */
  readonly rotation: readonly RotationState[] | null;
  readonly organizations: readonly OrganizationRef[] | null;
  /** In this saved group. */
  readonly group: OrganizationGroupRef | null;
}

/** The filter that lets everything through. */
export const WHOLE_FLEET: FleetFilter & { readonly group: null } = {
  search: null,
  serviceProvider: null,
  apiKeyStatus: null,
  disablementSource: null,
  subscriptionStatus: null,
  fingerprint: null,
  fingerprintNot: null,
  subscriptionEndsBefore: null,
  keyModifiedSince: null,
  keyModifiedBefore: null,
  thresholdUsedPercentAtLeast: null,
  rotation: null,
  organizations: null,
  group: null,
};

/** What a group by filter keeps: it names neither organizations nor another group. */
export type SavedFilter = Omit<FleetFilter, 'organizations' | 'group'>;

/** A saved group as a condition. */
export type GroupCondition =
  | { readonly kind: 'MEMBERS'; readonly ref: OrganizationGroupRef }
  | { readonly kind: 'FILTER'; readonly filter: SavedFilter }
  /** It is missing or out of sight: nothing is in it. */
  | { readonly kind: 'NOTHING' };

/** A filter whose group has been looked up by `resolveFilter`: what SQL is made of. */
export interface ResolvedFilter extends Omit<FleetFilter, 'group'> {
  readonly group: GroupCondition | null;
}

export const fleetOrderFields = ['NAME', 'CREATED_AT', 'KEY_LAST_MODIFIED_AT', 'SUBSCRIPTION_ENDS_AT'] as const;
export type FleetOrderField = (typeof fleetOrderFields)[number];

export interface FleetOrder {
  readonly field: FleetOrderField;
  readonly direction: 'ASC' | 'DESC';
}

/** An organization with what nearly every list of them shows. */
export interface FleetItem {
  readonly organization: OrganizationView;
  readonly subscription: SubscriptionView | null;
  readonly apiKey: ApiKeyView;
}

export type FleetPage = Page<FleetItem>;

/** Where an item stands in an order. What is missing sorts last in either direction (`orderExpression`). */
export function positionOf({ organization, apiKey, subscription }: FleetItem, order: FleetOrder): Position {
  const never = order.direction === 'ASC' ? 'infinity' : '-infinity';
  const values: Record<FleetOrderField, () => string> = {
    NAME: () => fold(organization.name),
    CREATED_AT: () => organization.createdAt.toISOString(),
    KEY_LAST_MODIFIED_AT: () => apiKey.lastModifiedAt?.toISOString() ?? never,
    SUBSCRIPTION_ENDS_AT: () => subscription?.endsAt.toISOString() ?? never,
  };
  return { value: values[order.field](), id: organization.organizationId };
}

/** What is asked of a list of organizations. */
export interface FleetQuery {
  readonly filter: FleetFilter;
  readonly order: FleetOrder;
  readonly page: PageRequest;
}

export interface ResolvedQuery extends Omit<FleetQuery, 'filter'> {
  readonly filter: ResolvedFilter;
}

/** Those of one root that hold the same string. */
export interface SharedString {
  readonly rootProviderId: ServiceProviderId;
  readonly fingerprint: string;
}

/** What a list may stand under: a provider, a string, or a group by hand. */
export type Parent = ServiceProviderRef | SharedString | OrganizationGroupRef;

/** A list of its own, or a list under each of these, which are all of one kind: then the lists are one query. */
export type Parents = readonly Parent[] | null;

const LONGEST_SEARCH = 200;
const MOST_IDS = 10_000;
export const FINGERPRINT = /^[0-9a-f]{64}$/;

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseBadFilter(filter: FleetFilter): void {
  const { search, organizations, fingerprint, fingerprintNot, thresholdUsedPercentAtLeast: percent } = filter;
  if (search !== null && (search.length > LONGEST_SEARCH || search.includes('\0'))) {
    throw validationFailed('search', `Search for at most ${LONGEST_SEARCH} characters of plain text.`);
  }
  if (organizations !== null && organizations.length > MOST_IDS) {
    throw validationFailed('ids', `Give at most ${MOST_IDS} ids.`);
  }
  if (percent !== null && !(Number.isInteger(percent) && percent >= 1 && percent <= 100)) {
    throw validationFailed('thresholdUsedPercentAtLeast', 'Give per cent as a whole number from 1 to 100.');
  }
  // One that is mistyped would find others than are meant.
  for (const [field, given] of Object.entries({ fingerprint, fingerprintNot })) {
    if (given === null || FINGERPRINT.test(given)) continue;
    throw validationFailed(field, 'Give a fingerprint as `apiKey.fingerprint` shows it.');
  }
}

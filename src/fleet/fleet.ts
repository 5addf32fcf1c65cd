import type { ApiKeyStatus, DisablementSource } from '../api-key/api-key.ts';
import type { OrganizationRef, ServiceProviderRef } from '../ids.ts';
import type { Page, PageRequest } from '../page.ts';
import type { SubscriptionStatus, SubscriptionView } from '../subscription/subscription.ts';
import type { ApiKeyView } from '../api-key/api-key-slot.ts';
import type { OrganizationView } from '../organization/organization.ts';

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
  readonly organizations: readonly OrganizationRef[] | null;
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
  /** Its position in the order asked for. */
  readonly orderValue: string;
}

export type FleetPage = Page<FleetItem>;

/** What is asked of a list of organizations. */
export interface FleetQuery {
  readonly filter: FleetFilter;
  readonly order: FleetOrder;
  readonly page: PageRequest;
}

import type { ApiKeyStatus, DisablementSource } from '../api-key/api-key.ts';
import type { ApiKeyView } from '../api-key/api-key-slot.ts';
import type { OrganizationRef, ServiceProviderRef } from '../ids.ts';
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

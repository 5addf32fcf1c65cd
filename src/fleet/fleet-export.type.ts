import { apiKeyStatus, disablementSources } from '../api-key/api-key.ts';
import { maskKey } from '../api-key/key-string.ts';
import { toCsv } from '../csv.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { subscriptionStatus } from '../subscription/subscription.ts';
import type { FleetItem } from './fleet.ts';

/** What a cell says of an organization. The first seven are what a file of organizations to import has. */
const cells = {
  name: ({ organization }) => organization.name,
  externalId: ({ organization }) => organization.externalId,
  plan: ({ subscription }) => subscription?.plan,
  startsAt: ({ subscription }) => subscription?.startsAt.toISOString(),
  endsAt: ({ subscription }) => subscription?.endsAt.toISOString(),
  callThreshold: ({ subscription }) => subscription?.callThreshold?.toString(),
  thresholdPeriod: ({ subscription }) => subscription?.thresholdPeriod,
  subscriptionStatus: ({ subscription }, now) => subscription && subscriptionStatus(subscription, now),
  apiKeyStatus: ({ apiKey }, now) => apiKeyStatus(apiKey, now),
  disabledBy: ({ apiKey }, now) => disablementSources(apiKey, now).join(' '),
  maskedKey: ({ apiKey }) => apiKey.lastFour && maskKey(apiKey.lastFour),
  keyLastModifiedAt: ({ apiKey }) => apiKey.lastModifiedAt?.toISOString(),
  createdAt: ({ organization }) => organization.createdAt.toISOString(),
  organizationId: ({ organization: { rootProviderId, organizationId } }) =>
    encodeGlobalId('Organization', rootProviderId, organizationId),
  serviceProviderId: ({ organization: { rootProviderId, providerId } }) =>
    encodeGlobalId('ServiceProvider', rootProviderId, providerId),
} as const satisfies Record<string, (item: FleetItem, now: Date) => string | null | undefined>;

export type FleetColumn = keyof typeof cells;
export const fleetColumns = Object.keys(cells) as FleetColumn[];

export function headerOf(columns: readonly FleetColumn[]): string {
  return toCsv([columns]);
}

/** A line for each, without its string. */
export function linesOf(columns: readonly FleetColumn[], items: readonly FleetItem[], now: Date): string {
  return toCsv(items.map((item) => columns.map((column) => cells[column](item, now) ?? null)));
}

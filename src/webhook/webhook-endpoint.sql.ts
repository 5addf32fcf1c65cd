import type { WebhookEndpoint } from './webhook-endpoint.ts';

/** An endpoint as the repositories read it, of a row named `e`. */
export const webhookEndpointColumns = `e.root_provider_id as "rootProviderId", e.id, e.provider_id as "providerId",
  e.provider_path as "providerPath", null as "organizationId", e.name, e.url, e.events,
  e.organization_ids as "organizationIds", e.ciphertext, e.data_key_version as "dataKeyVersion",
  e.previous_secret_until as "previousSecretUntil", e.failing_since as "failingSince", e.disabled_at as "disabledAt",
  e.disabled_reason as "disabledReason", e.created_at as "createdAt", e.created_by_name as "createdByName"`;

export type EndpointRow = Omit<WebhookEndpoint, 'sealed'> & WebhookEndpoint['sealed'];

export function toEndpoint({ ciphertext, dataKeyVersion, ...row }: EndpointRow): WebhookEndpoint {
  return { ...row, sealed: { ciphertext, dataKeyVersion } };
}

import { sealAuditTrail } from '../../src/audit/seal-audit.service.ts';
import type { RequestContext, Services } from '../../src/context.ts';
import type { ServiceProviderRef, WebhookEndpointRef } from '../../src/ids.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import { startWebhooks } from '../../src/webhook/webhook.worker.ts';
import { type CreateWebhookEndpoint, createWebhookEndpoint } from '../../src/webhook/webhook-endpoint.service.ts';
import { uniqueName } from './fixtures.ts';

export interface TestEndpoint {
  readonly ref: WebhookEndpointRef;
  readonly secret: string;
}

/** An endpoint of a provider that is told of every change of a key, unless it chooses otherwise. */
export async function createEndpoint(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef,
  url: string,
  more: Partial<CreateWebhookEndpoint> = {},
): Promise<TestEndpoint> {
  const { ref, secret } = await createWebhookEndpoint(ctx, {
    serviceProvider,
    name: uniqueName('Endpoint'),
    url,
    events: ['api_key.regenerated', 'api_key.disabled', 'api_key.enabled'],
    organizations: null,
    idempotencyKey: null,
    ...more,
  });
  if (secret === null) throw new Error('a new endpoint has a secret');
  return { ref, secret: secret.expose() };
}

/** What has been done so far goes into the chains, as it does once a second while a server runs. */
export function seal(services: Services): Promise<number> {
  return sealAuditTrail(services, { key: null, onSigned: () => undefined });
}

/** The part of a server that sends webhooks, to this machine too. */
export function startSending(services: Services, host: string, timeoutMs = 2000): AsyncDisposable {
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: [host], timeoutMs });
  return startWebhooks(services, { outboundFetch, timeoutMs });
}

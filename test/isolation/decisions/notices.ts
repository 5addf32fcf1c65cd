import { by, commands, type Decision, id, input, reads, removes, unnamed } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import { newName, organizationsFor } from './asks.ts';

const endpoint = (more: Record<string, unknown> = {}) => input('WebhookEndpoint', 'webhookEndpointId', more);
const recipient = (more: Record<string, unknown> = {}) => input('MailRecipient', 'mailRecipientId', more);
const newRecipient = () => ({ address: 'on-call@example.com', events: ['api_key.added'] });
const newEndpoint = () => ({ name: newName(), url: 'https://hooks.example.com/keyward', events: ['api_key.added'] });

/** Who is told of what happens. */
export const noticeDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Stream.events': reads(by('Organization', ({ ids }) => ({ organizationId: ids.Organization, last: 100 }))),
  'Query.eventTypes': unnamed(),
  'Query.webhookEndpoints': reads(id('ServiceProvider', 'serviceProviderId')),
  'WebhookEndpoint.deliveries': reads(
    by('WebhookEndpoint', ({ ids }) => ({ node: ids.WebhookEndpoint }), { by: 'parent' }),
  ),
  'Mutation.createWebhookEndpoint': commands(
    'webhook:manage',
    input('ServiceProvider', 'serviceProviderId', newEndpoint),
    organizationsFor(newEndpoint),
  ),
  'Mutation.updateWebhookEndpoint': commands(
    'webhook:manage',
    endpoint({ name: 'Other' }),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { webhookEndpointId: own.ids.WebhookEndpoint, organizationIds: [ids.Organization] },
      }),
      { by: 'input.organizationIds', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.deleteWebhookEndpoint': removes('webhook:manage', endpoint()),
  'Mutation.testWebhookEndpoint': commands('webhook:manage', endpoint()),
  'Mutation.rotateWebhookSecret': commands('webhook:manage', endpoint()),
  'Mutation.replayWebhookEvents': commands(
    'webhook:manage',
    endpoint({ since: new Date(0).toISOString() }),
    by(
      'AuditEvent',
      ({ ids }, own) => ({ input: { webhookEndpointId: own.ids.WebhookEndpoint, eventId: ids.AuditEvent } }),
      { by: 'input.eventId', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Query.mailRecipients': reads(id('ServiceProvider', 'serviceProviderId')),
  'Query.mailSender': unnamed(),
  'Mutation.createMailRecipient': commands(
    'webhook:manage',
    input('ServiceProvider', 'serviceProviderId', newRecipient),
    organizationsFor(newRecipient),
  ),
  'Mutation.updateMailRecipient': commands(
    'webhook:manage',
    recipient({ digest: 'HOURLY' }),
    by(
      'Organization',
      ({ ids }, own) => ({ input: { mailRecipientId: own.ids.MailRecipient, organizationIds: [ids.Organization] } }),
      { by: 'input.organizationIds', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.deleteMailRecipient': removes('webhook:manage', recipient()),
};

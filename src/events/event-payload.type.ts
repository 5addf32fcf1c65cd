import { type ApiKeyKind, apiKeyKinds } from '../api-key/api-key.ts';
import { encodeActorId, encodeApiKeyId, encodeGlobalId, type NodeType } from '../graphql/global-id.ts';
import { type ActorId, isUuid } from '../ids.ts';
import type { Event } from './event.ts';
import { shownState } from './event-schema.ts';
import { type EventSubject, type EventType, subjectOf } from './event-type.ts';

/** The body that a webhook is sent, in the words of its JSON schema (event-schema.ts). */
export function payloadOf(event: Event, type: EventType): string {
  const { rootProviderId, organizationId, providerPath, providerName } = event;
  const providerId = providerPath.at(-1);
  const [before, after] = [stateOf(event.before), stateOf(event.after)];
  const data = {
    serviceProvider:
      providerId === undefined
        ? null
        : { id: encodeGlobalId('ServiceProvider', rootProviderId, providerId), name: providerName ?? '' },
    organization:
      organizationId === null
        ? null
        : {
            id: encodeGlobalId('Organization', rootProviderId, organizationId),
            name: event.organizationName ?? '',
            externalId: event.externalId,
          },
    subject: subjectIdOf(event, type, after ?? before),
    actor: {
      id: encodeActorId(event.actorId),
      displayName: event.actorName,
      role: event.actorRole,
      onBehalfOf: event.onBehalfOf,
    },
    before: shownState(type, before),
    after: shownState(type, after),
    note: event.note,
  };
  return JSON.stringify({ type, timestamp: event.at.toISOString(), data });
}

type State = Readonly<Record<string, unknown>>;

function stateOf(text: string | null): State | null {
  return text === null ? null : (JSON.parse(text) as State); // written by `recordAudit`
}

/** Whose target is the id of the thing itself. */
const named: Partial<Record<EventSubject, NodeType>> = {
  AuthorizationServer: 'AuthorizationServer',
  BulkOperation: 'BulkOperation',
  CustomRole: 'CustomRole',
  Delegation: 'Delegation',
  MailRecipient: 'MailRecipient',
  OrganizationGroup: 'OrganizationGroup',
  RotationPolicy: 'RotationPolicy',
  TrustedIssuer: 'TrustedIssuer',
  WebhookEndpoint: 'WebhookEndpoint',
};

/** What an event is about, by its global id; null when it has none. */
export function subjectIdOf(
  { rootProviderId, organizationId, providerPath, target }: Event,
  type: EventType,
  state: State | null,
): { readonly type: EventSubject; readonly id: string } | null {
  const subject = subjectOf(type);
  const providerId = providerPath.at(-1);
  switch (subject) {
    case 'ApiKey': {
      const kind = kindIn(state);
      if (organizationId === null || kind === null) return null;
      return { type: subject, id: encodeApiKeyId({ rootProviderId, organizationId, kind }) };
    }
    case 'Organization':
      return organizationId === null
        ? null
        : { type: subject, id: encodeGlobalId('Organization', rootProviderId, organizationId) };
    case 'ServiceProvider':
      return providerId === undefined
        ? null
        : { type: subject, id: encodeGlobalId('ServiceProvider', rootProviderId, providerId) };
    case 'StaffMember':
    case 'ServiceAccount':
      return target !== null && isUuid(target) ? { type: subject, id: encodeActorId(target as ActorId) } : null;
    default: {
      const node = named[subject];
      if (node === undefined || target === null || !isUuid(target)) return null;
      return { type: subject, id: encodeGlobalId(node, rootProviderId, target) };
    }
  }
}

function kindIn(state: State | null): ApiKeyKind | null {
  return apiKeyKinds.find((kind) => kind === state?.['kind']) ?? null;
}

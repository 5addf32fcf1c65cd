import { type EventSubject, type EventType, subjectOf } from './event-type.ts';

/** The part of JSON Schema (draft 2020-12) that events are described with. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const integer = { type: 'integer' };
const integerOrNull = { type: ['integer', 'null'] };
const yesOrNo = { type: 'boolean' };
const texts = { type: 'array', items: text };
const instant = { type: 'string', format: 'date-time' };

/**
 * The states of what an event is about, before and after: these properties and no others leave the program. A key string,
 * a password or a secret is none of them.
 */
const stateProperties: Record<EventSubject, Readonly<Record<string, JsonSchema>>> = {
  ApiKey: {
    kind: text,
    version: integer,
    status: text,
    fingerprint: {
      ...textOrNull,
      description: 'A keyed hash of the key string: equal strings have equal fingerprints.',
    },
    disabledBy: texts,
    overlapEndsAt: { ...instant, description: 'Until then the former string works as well, unless it ends earlier.' },
    dueAt: { ...instant, description: 'When the key reaches the age at which it is to be rotated.' },
    plannedAt: { ...instant, description: 'When the window begins in which it is to be rotated.' },
    leadDays: { ...integer, description: 'So many days before it was to be told.' },
    rotationPolicy: { ...text, description: 'By its name.' },
    rotationMode: text,
    percent: { ...integer, description: 'Of the threshold: 75, 90 or 100.' },
    used: { ...integer, description: 'Calls in the window, when it was reached.' },
    callThreshold: integer,
    windowStartsAt: instant,
  },
  Subscription: {
    plan: text,
    status: text,
    startsAt: instant,
    endsAt: instant,
    callThreshold: integerOrNull,
    thresholdPeriod: textOrNull,
    keyProvisioned: yesOrNo,
    daysLeft: { ...integer, description: 'Days begun, before it ends.' },
  },
  BulkOperation: {
    kind: text,
    atomicity: text,
    dryRun: yesOrNo,
    status: text,
    total: integer,
    changed: integer,
    unchanged: integer,
    refused: integer,
    approval: text,
    decidedBy: textOrNull,
    runAt: { ...instant, description: 'Of what was planned for a time.' },
    file: { ...text, description: 'SHA-256 of an imported file.' },
  },
  Organization: { name: text, externalId: textOrNull },
  OrganizationGroup: {
    name: text,
    kind: text,
    organizationCount: integer,
    filter: text,
    added: texts,
    removed: texts,
    addedCount: integer,
    removedCount: integer,
  },
  AuthorizationServer: { name: text, issuer: text, jwksUrl: text, audience: text, isEnabled: yesOrNo },
  ApiSession: { sessionId: text, sessionIds: texts, username: text },
  ServiceProvider: { name: text, baseUrl: textOrNull, approvalAbove: integerOrNull, overlapAllowedMinutes: integer },
  StaffMember: {
    username: text,
    displayName: text,
    role: textOrNull,
    permissions: texts,
    isActive: yesOrNo,
    mustChangePassword: yesOrNo,
    trustedIssuer: textOrNull,
  },
  CustomRole: { name: text, permissions: texts },
  ServiceAccount: {
    name: text,
    permissions: texts,
    secretId: text,
    revokedAt: { ...instant, type: ['string', 'null'] },
  },
  TrustedIssuer: {
    name: text,
    issuer: text,
    audience: text,
    clientId: textOrNull,
    hasClientSecret: yesOrNo,
    roleClaim: text,
    roleMapping: texts,
    domains: texts,
    isEnabled: yesOrNo,
    removedPeople: integer,
  },
  Delegation: {
    status: text,
    role: text,
    serviceProvider: text,
    grantee: text,
    organizationCount: integer,
    expiresAt: instant,
  },
  RotationPolicy: {
    name: text,
    place: text,
    maximumAgeDays: integer,
    mode: text,
    window: text,
    noticeDays: text,
    sharedString: yesOrNo,
    overlapMinutes: integer,
    overlapGraceMinutes: integer,
    isEnabled: yesOrNo,
  },
  WebhookEndpoint: {
    name: text,
    origin: { ...text, description: 'Of its URL, whose path may be a secret.' },
    events: texts,
    organizationCount: integerOrNull,
    isEnabled: yesOrNo,
    disabledReason: textOrNull,
    replayed: integer,
    since: instant,
    until: instant,
    previousSecretUntil: { ...instant, type: ['string', 'null'] },
  },
  MailRecipient: {
    address: text,
    events: texts,
    organizationCount: integerOrNull,
    digest: text,
    isEnabled: yesOrNo,
    disabledReason: textOrNull,
  },
};

/** What of a kept state an event tells; null when there is none. */
export function shownState(type: EventType, state: Readonly<Record<string, unknown>> | null) {
  if (state === null) return null;
  const known = stateProperties[subjectOf(type)];
  return Object.fromEntries(Object.entries(state).filter(([name]) => Object.hasOwn(known, name)));
}

/** Where the JSON schema of a type is served. */
export function schemaUrl(publicUrl: string, type: EventType): string {
  return `${publicUrl}/events/schemas/${type}`;
}

const object = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const orNull = (schema: JsonSchema) => ({ anyOf: [schema, { type: 'null' }] });

/** Of the body that a webhook is sent for an event of this type. @param url where it is served */
export function schemaOf(type: EventType, url: string): JsonSchema {
  const state = orNull(object(stateProperties[subjectOf(type)], []));
  const data = object({
    serviceProvider: { ...orNull(object({ id: text, name: text })), description: 'Null for what the platform does.' },
    organization: {
      ...orNull(object({ id: text, name: text, externalId: textOrNull })),
      description: 'Null for what is not about one organization.',
    },
    subject: {
      ...orNull(object({ type: { const: subjectOf(type) }, id: text })),
      description: 'What it is about, by its id in GraphQL. Null when it has none.',
    },
    actor: object({ id: textOrNull, displayName: text, role: textOrNull, onBehalfOf: textOrNull }),
    before: state,
    after: state,
    note: textOrNull,
  });
  const properties = { type: { const: type }, timestamp: { ...instant, description: 'When it happened.' }, data };
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: url, title: type };
  return { ...head, ...object(properties) };
}

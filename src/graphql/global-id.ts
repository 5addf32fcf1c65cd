import * as uuid from 'uuid';
import { apiKeyKinds } from '../api-key/api-key.ts';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import {
  type ActorId,
  type ApiSessionRef,
  type AuthorizationServerRef,
  type BulkOperationRef,
  type CustomRoleRef,
  type DelegationRef,
  type Id,
  type MailRecipientRef,
  NIL_ID,
  type OrganizationGroupRef,
  type OrganizationRef,
  PLATFORM_ROOT_ID,
  type RotationPolicyRef,
  type ServiceProviderId,
  type ServiceProviderRef,
  type TrustedIssuerRef,
  type WebhookEndpointRef,
} from '../ids.ts';
import type { ServiceAccountSecretRef } from '../service-account/service-account.ts';

// Global ids (CONTRACT.graphql, `Node`) are opaque to clients. Inside, as base64url: a letter for the type, the kind where
// one id stands for several things, the root provider's id, so that a look-up goes to one place, and the thing's own.
const letters = {
  ServiceProvider: 'p',
  Organization: 'o',
  Subscription: 's',
  ApiKey: 'k',
  AuditEvent: 'e',
  Actor: 'm',
  ServiceAccountSecret: 'c',
  CustomRole: 'r',
  TrustedIssuer: 'i',
  Delegation: 'd',
  OrganizationGroup: 'g',
  BulkOperation: 'b',
  AuthorizationServer: 'a',
  ApiSession: 'n',
  WebhookEndpoint: 'w',
  RotationPolicy: 'y',
  MailRecipient: 'l',
} as const;
export type NodeType = keyof typeof letters;
const nodeTypes = Object.keys(letters) as NodeType[];

const LENGTH = 34;

export interface DecodedId {
  readonly type: NodeType;
  readonly rootProviderId: ServiceProviderId;
  readonly id: string;
  readonly kindIndex: number;
}

export function encodeGlobalId(type: NodeType, rootProviderId: string, id: string, kindIndex = 0): string {
  const head = letters[type].charCodeAt(0).toString(16) + kindIndex.toString(16).padStart(2, '0');
  return encodeHex(`${head}${rootProviderId}${id}`);
}

/** The two letters of base64url for every twelve bits. */
const lettersOfTwelveBits = Array.from({ length: 0x1000 }, (_, bits) => {
  return Buffer.from([bits >> 4, (bits & 0xf) << 4])
    .toString('base64url')
    .slice(0, 2);
});
const DASH = 0x2d;
const LETTER_A = 0x61;

/** base64url of lower-case hex digits, dashes left out. Lists have an id on every line: a Buffer takes ten times as long. */
function encodeHex(hex: string): string {
  let text = '';
  let bits = 0;
  let digits = 0;
  for (let at = 0; at < hex.length; at++) {
    const code = hex.charCodeAt(at);
    if (code === DASH) continue;
    bits = (bits << 4) | (code < LETTER_A ? code - 0x30 : code - LETTER_A + 10);
    if (++digits % 3 !== 0) continue;
    text += lettersOfTwelveBits[bits];
    bits = 0;
  }
  return digits % 3 === 2 ? text + lettersOfTwelveBits[bits << 4] : text;
}

/** Null when the text is none of our ids: it names nothing. */
export function decodeGlobalId(text: string): DecodedId | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== text) return null;
  const [letter, kindIndex = 0] = bytes;
  const type = nodeTypes.find((candidate) => letters[candidate].charCodeAt(0) === letter);
  const rootProviderId = toUuid<'ServiceProvider'>(bytes.subarray(2, 18));
  const id = toUuid<string>(bytes.subarray(18));
  if (type === undefined || rootProviderId === null || id === null) return null;
  if (kindIndex !== 0 && type !== 'ApiKey') return null;
  return { type, rootProviderId, id, kindIndex };
}

export function decodeOrganizationId(text: string): OrganizationRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'Organization') return null;
  return { rootProviderId: decoded.rootProviderId, organizationId: decoded.id as Id<'Organization'> };
}

export function decodeServiceProviderId(text: string): ServiceProviderRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'ServiceProvider') return null;
  return { rootProviderId: decoded.rootProviderId, serviceProviderId: decoded.id as Id<'ServiceProvider'> };
}

/** Of an argument that narrows a list to a provider: what is no id of one finds nothing. Null: it is not narrowed. */
export function decodeProviderFilter(text: string | null | undefined): ServiceProviderRef | null {
  return text == null ? null : providerNamed(text);
}

/** What is no id of one names a provider that there is not. */
export function providerNamed(text: string): ServiceProviderRef {
  return decodeServiceProviderId(text) ?? { rootProviderId: NIL_ID, serviceProviderId: NIL_ID };
}

export function decodeCustomRoleId(text: string): CustomRoleRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'CustomRole') return null;
  return { rootProviderId: decoded.rootProviderId, customRoleId: decoded.id as Id<'CustomRole'> };
}

export function decodeTrustedIssuerId(text: string): TrustedIssuerRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'TrustedIssuer') return null;
  return { rootProviderId: decoded.rootProviderId, trustedIssuerId: decoded.id as Id<'TrustedIssuer'> };
}

export function decodeAuthorizationServerId(text: string): AuthorizationServerRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'AuthorizationServer') return null;
  return { rootProviderId: decoded.rootProviderId, authorizationServerId: decoded.id as Id<'AuthorizationServer'> };
}

export function decodeApiSessionId(text: string): ApiSessionRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'ApiSession') return null;
  return { rootProviderId: decoded.rootProviderId, apiSessionId: decoded.id as Id<'ApiSession'> };
}

export function decodeDelegationId(text: string): DelegationRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'Delegation') return null;
  return { rootProviderId: decoded.rootProviderId, delegationId: decoded.id as Id<'Delegation'> };
}

export function decodeBulkOperationId(text: string): BulkOperationRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'BulkOperation') return null;
  return { rootProviderId: decoded.rootProviderId, bulkOperationId: decoded.id as Id<'BulkOperation'> };
}

export function decodeWebhookEndpointId(text: string): WebhookEndpointRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'WebhookEndpoint') return null;
  return { rootProviderId: decoded.rootProviderId, webhookEndpointId: decoded.id as Id<'WebhookEndpoint'> };
}

export function decodeMailRecipientId(text: string): MailRecipientRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'MailRecipient') return null;
  return { rootProviderId: decoded.rootProviderId, mailRecipientId: decoded.id as Id<'MailRecipient'> };
}

export function decodeRotationPolicyId(text: string): RotationPolicyRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'RotationPolicy') return null;
  return { rootProviderId: decoded.rootProviderId, rotationPolicyId: decoded.id as Id<'RotationPolicy'> };
}

export function decodeOrganizationGroupId(text: string): OrganizationGroupRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'OrganizationGroup') return null;
  return { rootProviderId: decoded.rootProviderId, organizationGroupId: decoded.id as Id<'OrganizationGroup'> };
}

export function decodeServiceAccountSecretId(text: string): ServiceAccountSecretRef | null {
  const decoded = decodeGlobalId(text);
  if (decoded?.type !== 'ServiceAccountSecret') return null;
  return { rootProviderId: decoded.rootProviderId, secretId: decoded.id as Id<'ServiceAccountSecret'> };
}

export function encodeApiKeyId(ref: ApiKeyRef): string {
  return encodeGlobalId('ApiKey', ref.rootProviderId, ref.organizationId, apiKeyKinds.indexOf(ref.kind));
}

export function apiKeyRefOf(decoded: DecodedId): ApiKeyRef | null {
  const kind = apiKeyKinds[decoded.kindIndex];
  if (decoded.type !== 'ApiKey' || kind === undefined) return null;
  return { rootProviderId: decoded.rootProviderId, organizationId: decoded.id as Id<'Organization'>, kind };
}

function toUuid<Thing extends string>(bytes: Uint8Array): Id<Thing> | null {
  try {
    return uuid.stringify(bytes) as Id<Thing>;
  } catch {
    return null;
  }
}

/**
 * People and service accounts are named everywhere, across tenants too: their global id tells nothing of where they
 * belong, nor which of the two they are.
 */
export function encodeActorId(id: ActorId): string;
export function encodeActorId(id: ActorId | null): string | null;
export function encodeActorId(id: ActorId | null): string | null {
  return id === null ? null : encodeGlobalId('Actor', PLATFORM_ROOT_ID, id);
}

export function decodeActorId(text: string): ActorId | null {
  const decoded = decodeGlobalId(text);
  return decoded?.type === 'Actor' ? (decoded.id as ActorId) : null;
}

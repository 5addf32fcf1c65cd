import * as uuid from 'uuid';
import { apiKeyKinds } from '../api-key/api-key.ts';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import {
  type Id,
  type OrganizationRef,
  PLATFORM_ROOT_ID,
  type ServiceProviderId,
  type ServiceProviderRef,
  type StaffMemberId,
} from '../ids.ts';

// Global ids (CONTRACT.graphql, `Node`) are opaque to clients. Inside: a letter for the type, the root provider's id and
// the thing's own, so that a look-up goes to one place, and the kind where one id stands for several things.
const letters = {
  ServiceProvider: 'p',
  Organization: 'o',
  Subscription: 's',
  ApiKey: 'k',
  AuditEvent: 'e',
  StaffMember: 'm',
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
  const bytes = Buffer.alloc(LENGTH, kindIndex);
  bytes.write(letters[type], 0, 'latin1');
  bytes.write(rootProviderId.replaceAll('-', ''), 1, 'hex');
  bytes.write(id.replaceAll('-', ''), 17, 'hex');
  return bytes.toString('base64url');
}

/** Null when the text is none of our ids: it names nothing. */
export function decodeGlobalId(text: string): DecodedId | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== text) return null;
  const [letter, ...rest] = bytes;
  const type = nodeTypes.find((candidate) => letters[candidate].charCodeAt(0) === letter);
  const rootProviderId = toUuid<'ServiceProvider'>(rest.slice(0, 16));
  const id = toUuid<string>(rest.slice(16, 32));
  if (type === undefined || rootProviderId === null || id === null) return null;
  const kindIndex = rest[32] ?? 0;
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

export function encodeApiKeyId(ref: ApiKeyRef): string {
  return encodeGlobalId('ApiKey', ref.rootProviderId, ref.organizationId, apiKeyKinds.indexOf(ref.kind));
}

export function apiKeyRefOf(decoded: DecodedId): ApiKeyRef | null {
  const kind = apiKeyKinds[decoded.kindIndex];
  if (decoded.type !== 'ApiKey' || kind === undefined) return null;
  return { rootProviderId: decoded.rootProviderId, organizationId: decoded.id as Id<'Organization'>, kind };
}

function toUuid<Thing extends string>(bytes: readonly number[]): Id<Thing> | null {
  try {
    return uuid.stringify(Uint8Array.from(bytes)) as Id<Thing>;
  } catch {
    return null;
  }
}

/** People are named everywhere, across tenants too: their global id tells nothing of where they belong. */
export function encodeStaffMemberId(id: StaffMemberId | null): string | null {
  return id === null ? null : encodeGlobalId('StaffMember', PLATFORM_ROOT_ID, id);
}

export function decodeStaffMemberId(text: string): StaffMemberId | null {
  const decoded = decodeGlobalId(text);
  return decoded?.type === 'StaffMember' ? (decoded.id as StaffMemberId) : null;
}

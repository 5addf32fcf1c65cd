import { parse, stringify } from 'uuid';
import type { Id } from '../ids.ts';
import type { ServiceAccountRef } from './service-account.ts';

const PREFIX = 'kwsa_';
const UUID_BYTES = 16;

/** The name under which a service account signs in. It says where its row is, so that no directory has to. */
export function encodeClientId({ rootProviderId, serviceAccountId }: ServiceAccountRef): string {
  return PREFIX + Buffer.concat([parse(rootProviderId), parse(serviceAccountId)]).toString('base64url');
}

/** Null for everything that `encodeClientId` does not give. */
export function decodeClientId(text: string): ServiceAccountRef | null {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const rootProviderId = toUuid(bytes.subarray(0, UUID_BYTES));
  const serviceAccountId = toUuid(bytes.subarray(UUID_BYTES));
  if (rootProviderId === null || serviceAccountId === null) return null;
  const ref = {
    rootProviderId: rootProviderId as Id<'ServiceProvider'>,
    serviceAccountId: serviceAccountId as Id<'ServiceAccount'>,
  };
  return encodeClientId(ref) === text ? ref : null;
}

function toUuid(bytes: Uint8Array): string | null {
  try {
    return stringify(bytes);
  } catch {
    return null;
  }
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';
import type { ApiSessionRef, Id, OrganizationRef } from '../ids.ts';
import { Secret } from '../secrets/secret.ts';

const UUID_BYTES = 16;
const SECRET_BYTES = 32;
const LENGTH = 3 * UUID_BYTES + SECRET_BYTES;

/** Where a session's row is, so that no directory has to say, and whose it is, so that a look-up sees nothing else. */
export type ApiSessionPlace = ApiSessionRef & OrganizationRef;

/** A session as a client shows it. Whether there is one is another question. */
export type PresentedSession = ApiSessionPlace & { readonly secretHash: Buffer };

/** A new id for the session with this row, and what is kept of its secret. */
export function makeSessionId(ref: ApiSessionPlace): { readonly id: Secret; readonly secretHash: Buffer } {
  const places = [ref.rootProviderId, ref.organizationId, ref.apiSessionId].map((uuid) => parse(uuid));
  const id = Buffer.concat([...places, randomBytes(SECRET_BYTES)]);
  return { id: new Secret(id.toString('base64url')), secretHash: digest(id) };
}

/** Null for everything that `makeSessionId` does not give. */
export function parseSessionId(text: string): PresentedSession | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== text) return null;
  const [rootProviderId, organizationId, apiSessionId] = [0, 1, 2].map((place) => uuidAt(bytes, place));
  if (rootProviderId == null || organizationId == null || apiSessionId == null) return null;
  return {
    rootProviderId: rootProviderId as Id<'ServiceProvider'>,
    organizationId: organizationId as Id<'Organization'>,
    apiSessionId: apiSessionId as Id<'ApiSession'>,
    secretHash: digest(bytes),
  };
}

function uuidAt(bytes: Buffer, place: number): string | null {
  try {
    return stringify(bytes, place * UUID_BYTES);
  } catch {
    return null;
  }
}

/** Of the place as well: with another organization in it, it is another id. 256 random bits need no slow hash. */
function digest(id: Uint8Array): Buffer {
  return createHash('sha256').update(id).digest();
}

export function isSameSecret(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Headers of a request, as Node gives them. */
export interface SessionHeaders {
  readonly jsessionid?: string | readonly string[] | undefined;
  readonly cookie?: string | readonly string[] | undefined;
}

/**
 * The session that a request shows: in the header `JSessionID`, which a client sets on purpose, or else in the cookie. What
 * is no session of ours is passed over: a service behind a gateway may have a cookie of the same name.
 */
export function presentedSession({ jsessionid, cookie }: SessionHeaders): PresentedSession | null {
  for (const text of [...valuesOf(jsessionid, /,/), ...valuesOf(cookie, /;/).flatMap(sessionCookie)]) {
    const session = parseSessionId(text);
    if (session !== null) return session;
  }
  return null;
}

function valuesOf(header: string | readonly string[] | undefined, separator: RegExp): string[] {
  return [header ?? []].flat().flatMap((line) => line.split(separator).map((value) => value.trim()));
}

function sessionCookie(cookie: string): string[] {
  return cookie.startsWith(COOKIE) ? [cookie.slice(COOKIE.length)] : [];
}

const COOKIE = 'JSESSIONID=';

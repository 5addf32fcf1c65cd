import { createHash } from 'node:crypto';
import type { ApiKeyKind } from '../api-key/api-key.ts';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { KeyString } from '../api-key/key-string.ts';
import type { OrganizationRef } from '../ids.ts';

/** What a program asks for. */
export interface CurrentKeyQuery {
  /** By its id, or by its provider's own number for it. */
  readonly organization: OrganizationRef | { readonly externalId: string };
  readonly kind: ApiKeyKind;
  /** What the caller says that it has: the header `If-None-Match`, as it came. */
  readonly known: string | null;
}

/** A slot's string as it is now. */
export interface CurrentKey {
  readonly keyString: KeyString;
  readonly kind: ApiKeyKind;
  /** The slot's version at which the string was written: it moves with every other string, and with nothing else. */
  readonly version: number;
  readonly lastModifiedAt: Date;
  /** Until when the string before it works as well; known to be earlier once this one was used. Null: it does not. */
  readonly overlapEndsAt: Date | null;
}

/**
 * Names the string that a slot holds without telling anything of it: every string of every slot has a name of its own, also
 * where an organization takes the external id of another one.
 */
export function tagOf({ rootProviderId, organizationId, kind }: ApiKeyRef, keyVersion: number): string {
  const name = ['current-key', rootProviderId, organizationId, kind, keyVersion].join('|');
  return `"${createHash('sha256').update(name).digest('base64url').slice(0, 22)}"`;
}

/** RFC 9110, 13.1.2: any of several tags, weak or not, or `*` for whatever there is. */
export function isKnown(tag: string, ifNoneMatch: string | null): boolean {
  if (ifNoneMatch === null) return false;
  const given = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return given.includes(tag) || given.includes('*');
}

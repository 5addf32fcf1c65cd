import type { ApiKeyKind, DisablementSource, SlotState } from '../api-key/api-key.ts';
import type { Overlap } from '../api-key/overlap.ts';
import type { PresentedSession } from '../api-session/api-session-id.ts';
import type { VerifiedServer } from '../authorization-server/authorization-server.ts';
import type { OrganizationId, OrganizationRef, ServiceProviderId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { CountingTerms } from '../usage/count-calls.ts';

export const decisionCodes = [
  'VALID',
  /** No such organization in the gateway's sight, or not its key: the same for both. */
  'NOT_FOUND',
  'DISABLED',
  'SUBSCRIPTION_EXPIRED',
  'THRESHOLD_EXCEEDED',
  /** Of a session that ended, or never was. */
  'SESSION_NOT_VALID',
] as const;
export type DecisionCode = (typeof decisionCodes)[number];

/** Of calls that one call may count for. */
export const LARGEST_COST = 1_000_000;

/** What a client shows at the gateway to be let in. */
export type Presented =
  /** A key string, and whose it is said to be. */
  | { readonly by: 'KEY'; readonly organization: NamedOrganization; readonly key: Secret; readonly kind: ApiKeyKind }
  /** An API session, by what is in its cookie. */
  | { readonly by: 'SESSION'; readonly session: PresentedSession }
  /** An access token of the organization's own authorization server, which verified it as that server was then. */
  | { readonly by: 'TOKEN'; readonly organization: OrganizationRef; readonly server: VerifiedServer };

/** By its id, or by its provider's own number for it. */
export type NamedOrganization = OrganizationRef | { readonly externalId: string };

/** A session as it is when the call is decided. */
export interface SessionFacts {
  readonly organizationId: OrganizationId;
  /** The version of the organization's CLOUD_SERVICE slot at which it began. */
  readonly slotVersion: number;
  /** Its secret is the one presented, its person may still act, and it was used within the idle time-out. */
  readonly holds: boolean;
}

/** One call that a gateway asks about. */
export interface Call {
  readonly presented: Presented;
  /** How many calls it counts for: a whole number from 1 to `LARGEST_COST`. */
  readonly cost: number;
  /** The HTTP method that the client used, in capitals; null when the gateway does not say. */
  readonly method: string | null;
  /** Where the client called from. */
  readonly address: string | null;
}

/** A slot as calls need it. */
export interface CallSlot extends SlotState, CountingTerms {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly version: number;
  /** Null: the current string alone works. */
  readonly overlap: Overlap | null;
}

/** What was presented, once what it takes to judge it is at hand. */
export type Proof =
  | { readonly by: 'KEY'; readonly fingerprint: Fingerprint }
  /** Null: there is no such session. */
  | { readonly by: 'SESSION'; readonly session: SessionFacts | null }
  /** The server is enabled and as it was when the token was verified. */
  | { readonly by: 'TOKEN'; readonly holds: boolean };

export interface Decision {
  readonly code: DecisionCode;
  /** Null unless what was presented proved right. */
  readonly organization: OrganizationRef | null;
  /** Calls counted in the window, this one among them when it was accepted; null without an organization. */
  readonly callsUsed: number | null;
  /** Null also for no limit. */
  readonly callThreshold: number | null;
  /** When the window ends. A key that is disabled stays so. */
  readonly resetsAt: Date | null;
  /** Every reason why the key is disabled; empty without an organization. */
  readonly disabledBy: readonly DisablementSource[];
}

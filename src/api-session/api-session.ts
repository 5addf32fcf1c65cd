import type { SlotState } from '../api-key/api-key.ts';
import { acceptsVersion, type Overlap } from '../api-key/overlap.ts';
import type { TenantRow } from '../database/scope.ts';
import type { ApiSessionId, ApiSessionRef, OrganizationId, StaffMemberId } from '../ids.ts';

/** One login of an organization's API client, by the key and an admin's user name and password. */
export interface ApiSession extends ApiSessionRef, TenantRow {
  readonly organizationId: OrganizationId;
  readonly apiSessionId: ApiSessionId;
  readonly staffMemberId: StaffMemberId;
  readonly username: string;
  readonly createdAt: Date;
  /** Earlier than the truth by a second at most. */
  readonly lastUsedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** A session with what its life hangs on, as of one moment. */
export interface ApiSessionState extends ApiSession {
  readonly secretHash: Buffer;
  /** Of the slot, when the key was proved. */
  readonly slotVersion: number;
  /** Of the admin, likewise. */
  readonly sessionEpoch: number;
  readonly slot: SlotState & { readonly version: number; readonly overlap: Overlap | null };
  readonly member: { readonly sessionEpoch: number; readonly deactivatedAt: Date | null };
}

/** For so long a use that follows another one is not written down. */
const WRITTEN_AGAIN_AFTER_MS = 1000;

/**
 * Whether the session lives. Every change of the key moves the version of its slot, and every end of the admin's own
 * sessions (another password or role, deactivation) moves their epoch: sessions end by it without being touched. Those of a
 * string that works on beside a new one end with it. An expired subscription ends none.
 */
export function isAlive(session: ApiSessionState, now: Date, idleTimeoutMs: number): boolean {
  const { slot, member } = session;
  return (
    acceptsVersion(slot, session.slotVersion, now) &&
    slot.fingerprint !== null &&
    slot.disabledBy.length === 0 &&
    session.sessionEpoch === member.sessionEpoch &&
    member.deactivatedAt === null &&
    now.getTime() - session.lastUsedAt.getTime() < idleTimeoutMs
  );
}

/** Whether a use at this moment is to be written down. */
export function isUseDue({ lastUsedAt }: ApiSession, now: Date): boolean {
  return now.getTime() - lastUsedAt.getTime() >= WRITTEN_AGAIN_AFTER_MS;
}

/** When it ends if nobody uses it. */
export function expiresAt({ lastUsedAt }: ApiSession, idleTimeoutMs: number): Date {
  return new Date(lastUsedAt.getTime() + idleTimeoutMs);
}

/** The oldest instant of a last use by which a session still lives. */
export function idleSince(now: Date, idleTimeoutMs: number): Date {
  return new Date(now.getTime() - idleTimeoutMs);
}

/** Of which sessions it is true that they live. */
export interface Living {
  /** Those used since. */
  readonly idleSince: Date;
  readonly now: Date;
}

export function livingAt(now: Date, idleTimeoutMs: number): Living {
  return { idleSince: idleSince(now, idleTimeoutMs), now };
}

/** How sessions of this installation behave. */
export interface ApiSessionSettings {
  /** How long a session lives without a use. */
  readonly idleTimeoutMs: number;
  /** How far the time that a client gives may be from ours. */
  readonly clockSkewMs: number;
}

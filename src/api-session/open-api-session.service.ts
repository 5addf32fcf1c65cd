import { openKeyString } from '../api-key/key-material.ts';
import type { KeyString } from '../api-key/key-string.ts';
import { noteFirstUses } from '../api-key/note-first-use.ts';
import { isFirstUse, overlapAt } from '../api-key/overlap.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { findByUsername } from '../authentication/prove-password.ts';
import { stranger } from '../authentication/stranger.ts';
import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { RateLimitedError } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import { verifyPassword } from '../identity/password.ts';
import { NIL_ID, newId, type OrganizationRef, PLATFORM_ROOT_ID } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { actorOf } from '../staff/staff-actor.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { fold } from '../text.ts';
import { acceptTimestamp, admitMember, findLoginKey, type LoginKey } from './api-login.repository.ts';
import { type ApiLogin, flawOf, type LoginFlaw, type LoginProof, refusalOfSlot } from './api-login.ts';
import { insertApiSession } from './api-session.repository.ts';
import { type ApiSessionError, authenticationFailed } from './api-session-error.ts';
import { makeSessionId } from './api-session-id.ts';
import { provesKeyString } from './obfuscation.ts';
import type { ApiRateLimits } from './rate-limits.ts';
import { beginGuess, countGuess } from './wrong-key.repository.ts';

const MOST_WRONG_KEYS_PER_MINUTE = 5;

export interface ApiLoginAttempt extends ApiLogin {
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** What became of an attempt, as the audit trail has it. */
type Outcome =
  | {
      readonly result: 'OK';
      readonly id: Secret;
      readonly sessionId: string;
      readonly firstUsed: LoginKey['slot'] | null;
    }
  | { readonly result: 'REFUSED'; readonly refusal: ApiSessionError }
  | { readonly result: 'FAILED'; readonly flaw: LoginFlaw };

/**
 * A new session, by its id, of the organization whose key, admin's name and password these are. Whatever is wrong, the
 * work and the answer are the same: an unknown name, a wrong password, a wrong key, none at all, a time that is off or was
 * used before. Each attempt that is looked at is one audit row; of those that are not, the trail has a sample (ADR 16).
 * @throws ApiSessionError `AUTHENTICATION_FAILED`; only after everything proved right `API_KEY_DISABLED`, `NOT_SUBSCRIBED`
 * @throws RateLimitedError for more than two a second, or after too many failures
 */
export async function openApiSession(
  services: Services,
  limits: ApiRateLimits,
  attempt: ApiLoginAttempt,
): Promise<Secret> {
  const { username, ipAddress } = attempt;
  await limits.takeLogin(username, ipAddress);
  const names = { login: `person:${fold(username)}`, address: ipAddress };
  try {
    const outcome = await services.signInLimit.attempt(names, () => tryLogin(services, attempt));
    if (outcome === null) throw authenticationFailed();
    if (outcome.result === 'REFUSED') throw outcome.refusal;
    return outcome.id;
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    if (await services.signInLimit.isWorthRecording(names)) await recordLockout(services, attempt);
    throw new RateLimitedError('Rate Limit (5/MINUTE) exceeded', error.retryAfterSeconds);
  }
}

/** Null: it proved nothing. */
async function tryLogin(
  services: Services,
  attempt: ApiLoginAttempt,
): Promise<Exclude<Outcome, { result: 'FAILED' }> | null> {
  const { username, password } = attempt;
  const member = await findByUsername(services, username);
  const isPasswordRight = await verifyPassword(member?.passwordHash ?? null, password);
  const outcome = await services.database.withTransaction(actorBehind(member).scope, async (tx) => {
    const isGuessing = (await beginGuess(tx, username, attempt.now)) >= MOST_WRONG_KEYS_PER_MINUTE;
    const decided = await decide(services, tx, attempt, { member, isPasswordRight, isGuessing });
    if (decided.result === 'FAILED') await countGuess(tx, username, decided.flaw === 'WRONG_KEY');
    await record(services, tx, attempt, member, decided);
    return decided;
  });
  if (outcome.result === 'FAILED') return null;
  if (outcome.result === 'OK' && outcome.firstUsed !== null) {
    const { firstUsed } = outcome;
    await noteFirstUses(services, [{ ...firstUsed, at: attempt.now }]);
  }
  return outcome;
}

/** Whatever is proved before the key is read. */
type KnownProof = Pick<LoginProof, 'member' | 'isPasswordRight' | 'isGuessing'>;

/** The key is read last, so that no old one counts that was replaced while the password was looked at. */
async function decide(services: Services, tx: Tx, attempt: ApiLoginAttempt, known: KnownProof): Promise<Outcome> {
  const { now, timestampMs } = attempt;
  const { member } = known;
  const { slot, current, previous } = await readKey(services, tx, member, now);
  const isCurrent = provesKeyString(attempt.apiKey, current, timestampMs);
  const isPrevious = provesKeyString(attempt.apiKey, previous, timestampMs);
  const isKeyRight = isCurrent || isPrevious;
  const flaw = flawOf({ ...known, isKeyRight, timestampMs }, now, services.apiSessionSettings.clockSkewMs);
  if (flaw !== null) return { result: 'FAILED', flaw };
  if (member === null || slot === null) throw new Error('somebody without an organization has proved its key');
  if (!(await acceptTimestamp(tx, member, timestampMs, now))) return { result: 'FAILED', flaw: 'REPLAYED' };
  const refusal = refusalOfSlot(slot, now);
  if (refusal !== null) return { result: 'REFUSED', refusal };
  if (!(await admitMember(tx, member, now))) return { result: 'FAILED', flaw: 'NOT_ADMITTED' };
  const version = isCurrent ? slot.version : slot.version - 1; // with an old string it ends as if opened before the new one
  const opened = await open(tx, attempt, member, slot, version);
  const isFirst = isCurrent && slot.fingerprint !== null && isFirstUse(slot, slot.fingerprint, now);
  return { ...opened, firstUsed: isFirst ? slot : null };
}

/** Of somebody without an organization there is none; it is looked for all the same. */
async function readKey(
  services: Services,
  tx: Tx,
  member: StaffMember | null,
  now: Date,
): Promise<{
  readonly slot: LoginKey['slot'] | null;
  readonly current: KeyString | null;
  readonly previous: KeyString | null;
}> {
  const ref = organizationOf(member);
  await services.keyRing.of(tx, ref.rootProviderId);
  const found = await findLoginKey(tx, ref);
  if (found === null) return { slot: null, current: null, previous: null };
  const { slot } = found;
  const previous = overlapAt(slot.overlap, now) === null ? null : found.previous;
  return {
    slot,
    current: await openKeyString(services, tx, { ...slot, sealed: found.current }),
    previous: await openKeyString(services, tx, { ...slot, sealed: previous }),
  };
}

function organizationOf(member: StaffMember | null): OrganizationRef {
  return {
    rootProviderId: member?.rootProviderId ?? PLATFORM_ROOT_ID,
    organizationId: member?.organizationId ?? NIL_ID,
  };
}

/** @param slotVersion at which the slot had the string that was shown */
async function open(
  tx: Tx,
  attempt: ApiLoginAttempt,
  member: StaffMember,
  slot: LoginKey['slot'],
  slotVersion: number,
) {
  const { now, ipAddress, userAgent } = attempt;
  const { rootProviderId, organizationId } = slot;
  const apiSessionId = newId<'ApiSession'>();
  const { id, secretHash } = makeSessionId({ rootProviderId, organizationId, apiSessionId });
  await insertApiSession(tx, {
    ...{ rootProviderId, organizationId, providerPath: slot.providerPath, apiSessionId },
    ...{ staffMemberId: member.id, username: member.username, secretHash, ipAddress, userAgent },
    slotVersion,
    sessionEpoch: member.sessionEpoch,
    createdAt: now,
    lastUsedAt: now,
  });
  return { result: 'OK', id, sessionId: apiSessionId } as const;
}

function actorBehind(member: StaffMember | null): Actor {
  return member === null ? stranger : actorOf(member);
}

async function record(
  services: Services,
  tx: Tx,
  { now, requestId, ipAddress }: ApiLoginAttempt,
  member: StaffMember | null,
  outcome: Outcome | 'RATE_LIMITED',
): Promise<void> {
  const actor = actorBehind(member);
  const told = tell(outcome);
  await recordAudit(
    tx,
    { ...services, actor, requestId, now, ipAddress },
    {
      action: 'api_session.open',
      subject: actor.home,
      target: member?.organizationId ?? null,
      before: null,
      ...told,
      note: member === null ? null : told.note,
    },
  );
}

function tell(outcome: Outcome | 'RATE_LIMITED') {
  if (outcome === 'RATE_LIMITED') return { result: outcome, after: null, note: null };
  switch (outcome.result) {
    case 'OK':
      return { result: 'OK', after: { sessionId: outcome.sessionId }, note: null };
    case 'REFUSED':
      return { result: outcome.refusal.code, after: null, note: null };
    case 'FAILED':
      return { result: 'AUTHENTICATION_FAILED', after: null, note: outcome.flaw };
  }
}

async function recordLockout(services: Services, attempt: ApiLoginAttempt): Promise<void> {
  const member = await findByUsername(services, attempt.username);
  await services.database.withTransaction(actorBehind(member).scope, (tx) =>
    record(services, tx, attempt, member, 'RATE_LIMITED'),
  );
}

import { z } from 'zod';
import { disabledMessage } from '../api-key/api-key.ts';
import type { ApiKeySlot } from '../api-key/api-key-slot.ts';
import { Secret } from '../secrets/secret.ts';
import { permissionsOfStaffRole, type StaffMember } from '../staff/staff-member.ts';
import { subscriptionRefusal } from '../subscription/subscription.ts';
import { ApiSessionError } from './api-session-error.ts';

/** What a client sends to log in. */
export interface ApiLogin {
  /** The key string, obfuscated. */
  readonly apiKey: Secret;
  readonly username: string;
  readonly password: Secret;
  /** Epoch milliseconds by the client's clock. */
  readonly timestampMs: number;
}

const LATEST_TIMESTAMP_MS = 999_999_999_999_999;

/** One official client sends a number, another one a string. */
const timestamp = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.number().int().min(0).max(LATEST_TIMESTAMP_MS));
const login = z.object({ apiKey: z.string(), username: z.string(), password: z.string(), timestamp });

/** @param text the body. @throws ApiSessionError `MALFORMED`, which does not repeat it */
export function parseLogin(text: unknown): ApiLogin {
  const parsed = login.safeParse(parseJson(text));
  if (!parsed.success) throw malformed();
  const { apiKey, username, password, timestamp: timestampMs } = parsed.data;
  return { apiKey: new Secret(apiKey), username, password: new Secret(password), timestampMs };
}

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') throw malformed();
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

function malformed(): ApiSessionError {
  return new ApiSessionError('MALFORMED', 'Request body is invalid.');
}

/** Why a login failed, as the organization's audit trail notes it. The client is told none of it. */
export type LoginFlaw =
  | 'WRONG_PASSWORD'
  | 'WRONG_KEY'
  | 'TOO_MANY_WRONG_KEYS'
  | 'NOT_ADMITTED'
  | 'PASSWORD_CHANGE_REQUIRED'
  | 'CLOCK_SKEW'
  | 'REPLAYED';

export interface LoginProof {
  readonly member: StaffMember | null;
  readonly isPasswordRight: boolean;
  readonly isKeyRight: boolean;
  /** Somebody who has the password has tried too many keys. */
  readonly isGuessing: boolean;
  readonly timestampMs: number;
}

/** What is wrong with a login; null when everything that it shows is right. */
export function flawOf(proof: LoginProof, now: Date, clockSkewMs: number): LoginFlaw | null {
  const { member, isPasswordRight, isKeyRight, isGuessing, timestampMs } = proof;
  if (member === null || !isPasswordRight) return 'WRONG_PASSWORD';
  if (!isAdmitted(member)) return 'NOT_ADMITTED';
  if (member.passwordMustChange) return 'PASSWORD_CHANGE_REQUIRED';
  if (!isKeyRight) return 'WRONG_KEY';
  if (isGuessing) return 'TOO_MANY_WRONG_KEYS';
  return Math.abs(now.getTime() - timestampMs) > clockSkewMs ? 'CLOCK_SKEW' : null;
}

/** People of an organization who may have its key string may use it. */
export function isAdmitted(member: StaffMember): boolean {
  const isOfOrganization = member.organizationId !== null && member.deactivatedAt === null;
  return isOfOrganization && permissionsOfStaffRole(member).has('apiKey:reveal');
}

/** Why somebody who has proved everything gets no session all the same; null when they get one. */
export function refusalOfSlot(slot: ApiKeySlot, now: Date): ApiSessionError | null {
  if (slot.disabledBy.length > 0) {
    return new ApiSessionError('API_KEY_DISABLED', disabledMessage(slot.disabledBy, 'ORGANIZATION'));
  }
  const refusal = subscriptionRefusal(slot.subscription, now);
  return refusal === null ? null : new ApiSessionError('NOT_SUBSCRIBED', refusal.message);
}

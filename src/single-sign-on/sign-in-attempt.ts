import { z } from 'zod';
import type { ServiceProviderId, TrustedIssuerId } from '../ids.ts';
import { isUuid } from '../ids.ts';

/** From leaving for the issuer until coming back. */
export const ATTEMPT_LIFETIME_SECONDS = 10 * 60;

/** A sign-in under way: what the browser keeps of it, sealed, until it comes back from the issuer. */
export interface SignInAttempt {
  readonly rootProviderId: ServiceProviderId;
  readonly trustedIssuerId: TrustedIssuerId;
  /** Comes back in the URL: only the browser that left may come back. */
  readonly state: string;
  /** Comes back in the ID token: it was issued for this very sign-in. */
  readonly nonce: string;
  /** Proves at the issuer that whoever redeems the code is who asked for it (PKCE). */
  readonly codeVerifier: string;
  readonly expiresAt: Date;
}

const schema = z.object({
  rootProviderId: z.string().refine(isUuid),
  trustedIssuerId: z.string().refine(isUuid),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  expiresAt: z.coerce.date(),
});

export function writeAttempt(attempt: SignInAttempt): string {
  return JSON.stringify(attempt);
}

/** Null when it is none, or comes too late. */
export function readAttempt(text: string, now: Date): SignInAttempt | null {
  const { data } = schema.safeParse(JSON.parse(text));
  if (data === undefined || data.expiresAt <= now) return null;
  return {
    ...data,
    rootProviderId: data.rootProviderId as ServiceProviderId,
    trustedIssuerId: data.trustedIssuerId as TrustedIssuerId,
  };
}

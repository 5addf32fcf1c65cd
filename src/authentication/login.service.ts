import type { Services } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { AccessTokenClaims } from './access-token.ts';
import { beginSession } from './begin-session.ts';
import { type PasswordAttempt, provePassword, recordAttempt } from './prove-password.ts';

const ACTION = 'auth.login';

/**
 * A new session of the staff member whose name and password these are; null for anybody else. Each attempt is one audit
 * row.
 * @throws RateLimitedError after too many failures
 * @throws DomainError `PASSWORD_CHANGE_REQUIRED` when the password is right, but somebody else knows it too
 */
export async function logIn(
  services: Services,
  attempt: PasswordAttempt,
  lifetimeSeconds: number,
): Promise<AccessTokenClaims | null> {
  const member = await provePassword(services, ACTION, attempt);
  if (member === null) return null;
  if (member.passwordMustChange) {
    const message =
      'Choose a password of your own first: POST /auth/password with username, currentPassword, newPassword.';
    const refusal = new DomainError('PASSWORD_CHANGE_REQUIRED', message);
    await recordAttempt(services, ACTION, attempt, member, refusal.code);
    throw refusal;
  }
  return recordAttempt(services, ACTION, attempt, member, 'OK', (tx) =>
    beginSession(tx, member, attempt.now, lifetimeSeconds),
  );
}

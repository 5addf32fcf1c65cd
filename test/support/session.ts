import { signAccessToken } from '../../src/authentication/access-token.ts';
import { beginSession } from '../../src/authentication/begin-session.ts';
import type { Services } from '../../src/context.ts';
import type { TestStaff } from './fixtures.ts';

/** The token of somebody who has signed in, without the work that a password takes, and whatever was tried before. */
export async function tokenOfSession(
  services: Services,
  { member, actor }: TestStaff,
  lifetimeSeconds = 900,
): Promise<string> {
  const now = new Date();
  const claims = await services.database.withTransaction(actor.scope, (tx) =>
    beginSession(tx, member, now, lifetimeSeconds),
  );
  return signAccessToken(services.signingKeys, claims, now, lifetimeSeconds);
}

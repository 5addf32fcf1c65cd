import { type AccessTokenClaims, signAccessToken } from '../../src/authentication/access-token.ts';
import type { TestStaff } from './fixtures.ts';
import { insertSession } from './tenant-rows.ts';
import type { TestInstallation } from './test-installation.ts';

/** Whatever has services over a database of its own: with HTTP or without. */
type Installation = Pick<TestInstallation, 'services' | 'database'>;

/** What a token of a new session of theirs says, without the second that a password takes. */
export async function sessionOf({ database }: Installation, { member }: TestStaff): Promise<AccessTokenClaims> {
  const { rootProviderId, id: staffMemberId, sessionEpoch } = member;
  const sessionId = await insertSession(database, member, staffMemberId);
  return { kind: 'STAFF_MEMBER', rootProviderId, staffMemberId, sessionId, sessionEpoch };
}

export async function tokenOf(keyward: Installation, staff: TestStaff): Promise<string> {
  return signAccessToken(keyward.services.signingKeys, await sessionOf(keyward, staff), new Date());
}

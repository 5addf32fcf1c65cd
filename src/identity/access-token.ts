import { jwtVerify, SignJWT } from 'jose';
import { type Id, isUuid, type ServiceProviderId, type StaffMemberId } from '../ids.ts';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts';

export const ACCESS_TOKEN_LIFETIME_SECONDS = 15 * 60;
const ISSUER = 'keyward';
const AUDIENCE = 'keyward-api';
const TYPE = 'at+jwt';

export interface AccessTokenClaims {
  readonly rootProviderId: ServiceProviderId;
  readonly staffMemberId: StaffMemberId;
  readonly sessionEpoch: number;
}

/** A JWT that says who, and under which of their session epochs. */
export function signAccessToken(keys: SigningKeys, claims: AccessTokenClaims, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ root: claims.rootProviderId, epoch: claims.sessionEpoch })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid: keys.current.id })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.staffMemberId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFETIME_SECONDS)
    .sign(keys.current.privateKey);
}

/** Null for anything that is not a token of ours that holds now. Algorithm, issuer, audience and type are pinned. */
export async function verifyAccessToken(
  keys: SigningKeys,
  token: string,
  now: Date,
): Promise<AccessTokenClaims | null> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => publicKeyOf(keys, kid), {
      algorithms: [SIGNING_ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: now,
    });
    const { sub, root, epoch } = payload;
    if (!sub || !isUuid(sub) || typeof root !== 'string' || !isUuid(root) || typeof epoch !== 'number') return null;
    return {
      rootProviderId: root as Id<'ServiceProvider'>,
      staffMemberId: sub as Id<'StaffMember'>,
      sessionEpoch: epoch,
    };
  } catch {
    return null; // jose's reasons for a refusal are nobody's business outside
  }
}

function publicKeyOf(keys: SigningKeys, kid: string | undefined) {
  const key = kid === undefined ? undefined : keys.publicKeys.get(kid);
  if (key === undefined) throw new Error('unknown key id');
  return key;
}

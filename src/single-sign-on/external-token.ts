import { decodeJwt, type FlattenedJWSInput, type JWSHeaderParameters, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LONGEST_AUDIENCE, LONGEST_ISSUER_URL } from '../issuer.ts';
import type { Claims } from './external-person.ts';

/** Asymmetric ones only: what a public key verifies, nobody makes with it. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_TOLERANCE_SECONDS = 30;
const MOST_AUDIENCES = 5;

/** What a token says of itself before anybody has verified it: good for nothing but to look up whom to ask. */
export interface Announced {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** Null for what is no JWT, or names neither an issuer nor an audience that anybody could have registered. */
export function readAnnounced(token: string): Announced | null {
  const { iss, aud } = decoded(token);
  if (!isName(iss, LONGEST_ISSUER_URL)) return null;
  const given: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const audiences = given.filter((audience) => isName(audience, LONGEST_AUDIENCE));
  return audiences.length === 0 ? null : { issuer: iss, audiences: audiences.slice(0, MOST_AUDIENCES) };
}

function decoded(token: string): Claims {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/** Nothing that a database would not take. */
function isName(text: unknown, longest: number): text is string {
  return typeof text === 'string' && text.length <= longest && text.isWellFormed() && !text.includes('\0');
}

/** The claims of an access token of this issuer for this audience that holds now; null for any other. */
export async function verifyExternalToken(
  token: string,
  expected: { readonly issuer: string; readonly audience: string; readonly requiredClaims: readonly string[] },
  keyOf: (header: JWSHeaderParameters, token: FlattenedJWSInput) => ReturnType<JWTVerifyGetKey>,
  now: Date,
): Promise<Claims | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      issuer: expected.issuer,
      audience: expected.audience,
      algorithms: ALGORITHMS,
      requiredClaims: [...expected.requiredClaims],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    return isAccessToken(protectedHeader.typ, payload) ? payload : null;
  } catch {
    return null; // why a token is refused is nobody's business outside
  }
}

/**
 * By its type (RFC 9068); without one, because it has none of what makes it an ID token or a logout token. Those are for
 * the client that they were issued to, and prove nothing here.
 */
function isAccessToken(type: string | undefined, claims: Claims): boolean {
  const kind = type?.toLowerCase().replace(/^application\//, '') ?? 'jwt';
  if (kind === 'at+jwt') return true;
  if (kind !== 'jwt') return false;
  if (['nonce', 'at_hash', 'c_hash', 's_hash', 'events'].some((claim) => claim in claims)) return false;
  // Keycloak and Cognito say it in a claim.
  const said = claims.typ ?? claims.token_use;
  return said === undefined || said === 'Bearer' || said === 'access';
}

import { type CryptoKey, decodeJwt, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { knownPermissions, type Permission } from '../identity/permissions.ts';
import {
  type Id,
  isUuid,
  type ServiceAccountId,
  type ServiceAccountSecretId,
  type ServiceProviderId,
  type StaffMemberId,
  type StaffSessionId,
} from '../ids.ts';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Of a bearer token. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 15 * 60;
/** Of the token in a browser's cookie: the longest that any of them lives. */
export const BROWSER_SESSION_LIFETIME_SECONDS = 12 * 60 * 60;

const ISSUER = 'keyward';
const AUDIENCE = 'keyward-api';
const TYPE = 'at+jwt';

/** Whom a token stands for, and under which of their sessions, or with how many of their permissions. */
export type AccessTokenClaims =
  | {
      readonly kind: 'STAFF_MEMBER';
      readonly rootProviderId: ServiceProviderId;
      readonly staffMemberId: StaffMemberId;
      readonly sessionId: StaffSessionId;
      readonly sessionEpoch: number;
    }
  | {
      readonly kind: 'SERVICE_ACCOUNT';
      readonly rootProviderId: ServiceProviderId;
      readonly serviceAccountId: ServiceAccountId;
      /** The one that it was got with: with it the token ends. */
      readonly secretId: ServiceAccountSecretId;
      /** No more than these of the account's permissions. */
      readonly permissions: readonly Permission[];
    };

/** @returns a JWT (RFC 9068) */
export async function signAccessToken(
  keys: SigningKeys,
  claims: AccessTokenClaims,
  now: Date,
  lifetimeSeconds = ACCESS_TOKEN_LIFETIME_SECONDS,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const { id: kid, privateKey } = await keys.current(now);
  return new SignJWT(payloadOf(claims))
    .setProtectedHeader(headerOf(kid))
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.kind === 'STAFF_MEMBER' ? claims.staffMemberId : claims.serviceAccountId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(privateKey);
}

function payloadOf(claims: AccessTokenClaims): Record<string, string | number> {
  if (claims.kind === 'STAFF_MEMBER') {
    return { root: claims.rootProviderId, sid: claims.sessionId, epoch: claims.sessionEpoch };
  }
  const { rootProviderId, serviceAccountId, secretId, permissions } = claims;
  return { root: rootProviderId, client_id: serviceAccountId, secret_id: secretId, scope: permissions.join(' ') };
}

function headerOf(kid: string): JWTHeaderParameters {
  return { alg: SIGNING_ALGORITHM, typ: TYPE, kid };
}

/** Whether it says that Keyward signed it: whose keys to verify it with, no more. */
export function claimsToBeOurs(token: string): boolean {
  try {
    return decodeJwt(token).iss === ISSUER;
  } catch {
    return false;
  }
}

/**
 * Null for anything that is not a token of ours that holds now. Nothing that we do not write ourselves is interpreted: the
 * header is compared byte by byte, and the parts of the token have one spelling.
 */
export async function verifyAccessToken(
  keys: SigningKeys,
  token: string,
  now: Date,
): Promise<AccessTokenClaims | null> {
  if (!isSpelledAsWeDo(token)) return null;
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => publicKeyOf(keys, token, kid, now), {
      algorithms: [SIGNING_ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['sub', 'exp', 'iat'],
      maxTokenAge: BROWSER_SESSION_LIFETIME_SECONDS,
      currentDate: now,
    });
    return claimsOf(payload);
  } catch {
    return null; // jose's reasons for a refusal are nobody's business outside
  }
}

/** Base64url leaves room for several spellings of the same bytes. */
function isSpelledAsWeDo(token: string): boolean {
  const parts = token.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

async function publicKeyOf(keys: SigningKeys, token: string, kid: string | undefined, now: Date): Promise<CryptoKey> {
  if (kid === undefined || !isUuid(kid) || !token.startsWith(`${encoded(headerOf(kid))}.`)) throw new Error('not ours');
  const key = await keys.publicKey(kid, now);
  if (key === null) throw new Error('unknown key id');
  return key;
}

function encoded(header: JWTHeaderParameters): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}

function claimsOf(payload: Readonly<Record<string, unknown>>): AccessTokenClaims | null {
  const { aud, sub, iat, exp, root, sid, epoch, client_id: clientId, secret_id: secretId, scope } = payload;
  if (aud !== AUDIENCE || Number(exp) - Number(iat) > BROWSER_SESSION_LIFETIME_SECONDS) return null;
  if (!isId(sub) || !isId(root)) return null;
  const rootProviderId = root as Id<'ServiceProvider'>;
  if (isId(sid) && typeof epoch === 'number') {
    const [staffMemberId, sessionId] = [sub as Id<'StaffMember'>, sid as Id<'StaffSession'>];
    return { kind: 'STAFF_MEMBER', rootProviderId, staffMemberId, sessionId, sessionEpoch: epoch };
  }
  if (clientId !== sub || !isId(secretId) || typeof scope !== 'string') return null;
  return {
    kind: 'SERVICE_ACCOUNT',
    rootProviderId,
    serviceAccountId: sub as Id<'ServiceAccount'>,
    secretId: secretId as Id<'ServiceAccountSecret'>,
    permissions: [...knownPermissions(scope.split(' '))],
  };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

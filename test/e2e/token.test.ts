import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect } from 'vitest';
import { type AccessTokenClaims, signAccessToken } from '../../src/authentication/access-token.ts';
import { loadSigningKeys } from '../../src/authentication/signing-keys.ts';
import { newId } from '../../src/ids.ts';
import { LocalKeyEncryptionKey } from '../../src/secrets/key-encryption-key.ts';
import { bearer, clientWith } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import type { KeyWorld } from '../support/key-world.ts';
import type { TestServer } from '../support/test-installation.ts';

/** The server's own keys, with which a test makes tokens that are right but for one thing. */
const test = base.extend('keys', ({ server: { services, config } }) => {
  if (config.keyEncryptionKey === null) throw new Error('a test server has a key of its own');
  return loadSigningKeys(services.database, new LocalKeyEncryptionKey(config.keyEncryptionKey), new Date());
});

function claimsOf(world: KeyWorld): AccessTokenClaims {
  const { rootProviderId, id: staffMemberId, sessionEpoch } = world.people.orgAdmin.member;
  return { rootProviderId, staffMemberId, sessionEpoch };
}

async function answerTo(server: TestServer, token: string): Promise<[number, string | undefined, unknown]> {
  const answer = await clientWith(server.url, { authorization: `Bearer ${token}` }).query('{ viewer { role } }');
  return [answer.status, answer.errors[0]?.extensions.code, answer.at('viewer.role')];
}

const HOLDS = [200, undefined, 'ORG_ADMIN'];
const REFUSED = [401, 'UNAUTHENTICATED', undefined];

describe('an access token', () => {
  test('says who and under which epoch, and nothing about what they may do', async ({ server, world, keys }) => {
    const { authorization } = await bearer(server.url, world.people.orgAdmin);
    const token = authorization.slice('Bearer '.length);
    const { iat, exp, ...claims } = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: keys.current.id });
    expect(claims).toEqual({
      iss: 'keyward',
      aud: 'keyward-api',
      sub: world.orgAdmin.id,
      root: world.organization.rootProviderId,
      epoch: 0,
    });
    expect((exp ?? 0) - (iat ?? 0)).toBe(900);
    expect(Math.abs((iat ?? 0) * 1000 - Date.now())).toBeLessThan(60_000);
    expect(await answerTo(server, token)).toEqual(HOLDS);
  });

  test('holds for its quarter of an hour, and not a second longer', async ({ server, world, keys }) => {
    const ago = (seconds: number) => signAccessToken(keys, claimsOf(world), new Date(Date.now() - seconds * 1000));
    expect(await answerTo(server, await ago(890))).toEqual(HOLDS);
    expect(await answerTo(server, await ago(901))).toEqual(REFUSED);
    expect(await answerTo(server, await ago(86_400))).toEqual(REFUSED);
  });

  test('of somebody who is not there, of another root or of another epoch holds for nobody', async ({
    server,
    world,
    keys,
  }) => {
    const claims = claimsOf(world);
    const strange: AccessTokenClaims[] = [
      { ...claims, staffMemberId: newId<'StaffMember'>() },
      { ...claims, rootProviderId: world.tenants.foreignRoot.rootProviderId },
      { ...claims, sessionEpoch: 1 },
      { ...claims, sessionEpoch: -1 },
    ];
    for (const one of strange)
      expect(await answerTo(server, await signAccessToken(keys, one, new Date()))).toEqual(REFUSED);
  });

  test('that was forged, or is for somebody or something else, is refused', async ({ server, world, keys }) => {
    const { rootProviderId: root, staffMemberId, sessionEpoch: epoch } = claimsOf(world);
    const own = await generateKeyPair('EdDSA');
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid: keys.current.id };
    const make = (claims: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      new SignJWT({ root, epoch, ...claims })
        .setProtectedHeader({ ...header, ...headers })
        .setIssuer(String(claims['iss'] ?? 'keyward'))
        .setAudience(String(claims['aud'] ?? 'keyward-api'))
        .setSubject(String(claims['sub'] ?? staffMemberId))
        .setIssuedAt()
        .setExpirationTime('10m');
    const right = await make().sign(keys.current.privateKey);
    const [head, body, signature] = right.split('.');
    const raised = Buffer.from(JSON.stringify({ ...decodeJwt(right), sub: world.platformAdmin.id })).toString(
      'base64url',
    );
    const unsigned = new UnsecuredJWT({ root, epoch })
      .setIssuer('keyward')
      .setAudience('keyward-api')
      .setSubject(staffMemberId)
      .setIssuedAt()
      .setExpirationTime('10m')
      .encode();
    const publicKey = keys.publicKeys.get(keys.current.id);
    const publicBytes =
      publicKey === undefined ? Buffer.alloc(32) : Buffer.from(await crypto.subtle.exportKey('raw', publicKey));
    const forged = {
      'signed by another key': await make().sign(own.privateKey),
      'signed by a key of its own naming': await make({}, { kid: 'mine' }).sign(own.privateKey),
      'changed after it was signed': [head, raised, signature].join('.'),
      'without a signature': [head, body, ''].join('.'),
      'with alg none': unsigned,
      'with alg none and a signature': `${unsigned}${signature}`,
      'signed with the public key as a secret': await new SignJWT({ root, epoch })
        .setProtectedHeader({ ...header, alg: 'HS256' })
        .setIssuer('keyward')
        .setAudience('keyward-api')
        .setSubject(staffMemberId)
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(publicBytes),
      'for another audience': await make({ aud: 'other' }).sign(keys.current.privateKey),
      'of another issuer': await make({ iss: 'other' }).sign(keys.current.privateKey),
      'of another type': await make({}, { typ: 'JWT' }).sign(keys.current.privateKey),
      'whose subject is no id': await make({ sub: 'admin' }).sign(keys.current.privateKey),
      'whose root is no id': await make({ root: "' or true --" }).sign(keys.current.privateKey),
      'whose epoch is no number': await make({ epoch: '0' }).sign(keys.current.privateKey),
      'that is none': 'a.b.c',
      'of dots': '..',
    };
    expect(await answerTo(server, right)).toEqual(HOLDS);
    for (const [name, token] of Object.entries(forged))
      expect([name, ...(await answerTo(server, token))]).toEqual([name, ...REFUSED]);
  });
});

describe('within a second', () => {
  const changes = {
    'a deactivation ends every token': ['deactivated_at = now()', REFUSED],
    'a new session epoch ends every token': ['session_epoch = session_epoch + 1', REFUSED],
    'a new role is the role of every token': [`role = 'ORG_VIEWER'`, [200, undefined, 'ORG_VIEWER']],
  } as const;
  test.for(Object.entries(changes))('%s', async ([, [change, expected]], { server, world }) => {
    const token = (await bearer(server.url, world.people.orgAdmin)).authorization.slice('Bearer '.length);
    expect(await answerTo(server, token)).toEqual(HOLDS);
    await server.database.query(`update staff_member set ${change} where id = $1`, [world.orgAdmin.id]);
    await expect.poll(() => answerTo(server, token), { timeout: 1000, interval: 25 }).toEqual(expected);
  });
});

import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect } from 'vitest';
import { type AccessTokenClaims, signAccessToken, verifyAccessToken } from '../../src/authentication/access-token.ts';
import { newId } from '../../src/ids.ts';
import type { TestStaff } from '../support/fixtures.ts';
import { bearer } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import { answerTo, REFUSED } from '../support/tokens.ts';

type PersonClaims = Extract<AccessTokenClaims, { kind: 'STAFF_MEMBER' }>;

const test = base
  .extend('tokenOf', ({ server }) => async (staff: TestStaff): Promise<string> => {
    return (await bearer(server.url, staff)).authorization.slice('Bearer '.length);
  })
  /** Of a session that is under way: with them a test makes tokens that are right but for one thing. */
  .extend('claims', async ({ server, world, tokenOf }): Promise<PersonClaims> => {
    const token = await tokenOf(world.people.orgAdmin);
    const claims = await verifyAccessToken(server.services.signingKeys, token, new Date());
    if (claims?.kind !== 'STAFF_MEMBER') throw new Error('a login gives the token of a person');
    return claims;
  });

const HOLDS = [200, undefined, 'ORG_ADMIN'];

describe('an access token', () => {
  test('says who, in which session and under which epoch, and nothing about what they may do', async ({
    server,
    world,
    tokenOf,
  }) => {
    const token = await tokenOf(world.people.orgAdmin);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token);
    const { id: kid } = await server.services.signingKeys.current(new Date());
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid });
    expect(claims).toEqual({
      iss: 'keyward',
      aud: 'keyward-api',
      sub: world.orgAdmin.id,
      root: world.organization.rootProviderId,
      sid: expect.any(String),
      epoch: 0,
    });
    expect(exp - iat).toBe(900);
    expect(Math.abs(iat * 1000 - Date.now())).toBeLessThan(60_000);
    expect(await answerTo(server, token)).toEqual(HOLDS);
  });

  test('holds for its quarter of an hour, and not a second longer', async ({ server, claims }) => {
    const ago = (seconds: number) =>
      signAccessToken(server.services.signingKeys, claims, new Date(Date.now() - seconds * 1000));
    expect(await answerTo(server, await ago(890))).toEqual(HOLDS);
    expect(await answerTo(server, await ago(901))).toEqual(REFUSED);
    expect(await answerTo(server, await ago(86_400))).toEqual(REFUSED);
  });

  test('of somebody who is not there, of another root, session or epoch holds for nobody', async ({
    server,
    world,
    claims,
    tokenOf,
  }) => {
    const { signingKeys } = server.services;
    const others = await verifyAccessToken(signingKeys, await tokenOf(world.people.orgViewer), new Date());
    if (others?.kind !== 'STAFF_MEMBER') throw new Error('a login gives the token of a person');
    const strange: PersonClaims[] = [
      { ...claims, staffMemberId: newId<'StaffMember'>() },
      { ...claims, rootProviderId: world.tenants.foreignRoot.rootProviderId },
      { ...claims, sessionId: newId<'StaffSession'>() },
      { ...claims, sessionId: others.sessionId },
      { ...claims, sessionEpoch: 1 },
      { ...claims, sessionEpoch: -1 },
    ];
    expect(await answerTo(server, await signAccessToken(signingKeys, claims, new Date()))).toEqual(HOLDS);
    for (const one of strange) {
      expect(await answerTo(server, await signAccessToken(signingKeys, one, new Date()))).toEqual(REFUSED);
    }
  });
});

describe('within a second', () => {
  const changes = {
    'a deactivation ends every token': ['update staff_member set deactivated_at = now() where id = $1', REFUSED],
    'a new session epoch ends every token': [
      'update staff_member set session_epoch = session_epoch + 1 where id = $1',
      REFUSED,
    ],
    'the end of the session ends its tokens': ['delete from staff_session where staff_member_id = $1', REFUSED],
    'a session that has expired ends its tokens': [
      'update staff_session set expires_at = now() where staff_member_id = $1',
      REFUSED,
    ],
    'a new role is the role of every token': [
      `update staff_member set role = 'ORG_VIEWER' where id = $1`,
      [200, undefined, 'ORG_VIEWER'],
    ],
  } as const;
  test.for(Object.entries(changes))('%s', async ([, [change, expected]], { server, world, tokenOf }) => {
    const token = await tokenOf(world.people.orgAdmin);
    expect(await answerTo(server, token)).toEqual(HOLDS);
    await server.database.query(change, [world.orgAdmin.id]);
    await expect.poll(() => answerTo(server, token), { timeout: 1000, interval: 25 }).toEqual(expected);
  });
});

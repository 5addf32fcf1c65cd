import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect } from 'vitest';
import { clientWith } from '../../support/graphql-client.ts';
import type { IdentityProvider } from '../../support/identity-provider.ts';
import { createRole } from '../../support/issuer-world.ts';
import { auditOf } from '../../support/rows.ts';
import { answerTo, holdsAs, newPerson, REFUSED, test, trust } from '../../support/single-sign-on-world.ts';

/** As the issuer's own access tokens are. */
function claimsOf(idp: IdentityProvider, subject: string, audience: string): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const token = { iss: idp.issuer, aud: audience, sub: subject, iat: now, exp: now + 300, jti: 'x', client_id: 'cli' };
  return { ...idp.people.get(subject), ...token };
}

describe('an access token of a trusted issuer', () => {
  test('is taken in the role that it says, and makes a member the first time', async ({ idp, server, world }) => {
    const { audience, trustedIssuerId } = await trust(world, idp);
    const subject = newPerson(idp);
    const token = await idp.accessToken(subject, audience);
    const audit = await auditOf(server.database, async () => {
      expect(await answerTo(server, token)).toEqual(holdsAs('PROVIDER_SUPPORT'));
      expect(await answerTo(server, await idp.accessToken(subject, audience))).toEqual(holdsAs('PROVIDER_SUPPORT'));
    });
    const { rootProviderId, serviceProviderId } = world.tenants.reseller;
    const select = 'select * from staff_member where external_subject = $1';
    const rows = await server.database.query<{ id: string }>(select, [subject]);
    expect(rows).toMatchObject([
      {
        root_provider_id: rootProviderId,
        provider_id: serviceProviderId,
        organization_id: null,
        username: `${subject}@corp.example`,
        display_name: `Person ${subject}`,
        role: 'PROVIDER_SUPPORT',
        password_hash: null,
        trusted_issuer_id: trustedIssuerId,
      },
    ]);
    const after = { username: `${subject}@corp.example`, role: 'PROVIDER_SUPPORT', trustedIssuer: trustedIssuerId };
    expect(audit).toMatchObject([
      { action: 'staff_member.create', result: 'OK', root_provider_id: rootProviderId, target: rows[0]?.id, after },
    ]);
    expect(audit[0]?.provider_path.at(-1)).toBe(serviceProviderId);
  });

  test('lets its person see what their provider sees, and nothing of others', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const token = await idp.accessToken(newPerson(idp), audience);
    const client = clientWith(server.url, { authorization: `Bearer ${token}` });
    const seen = await client.query('{ serviceProviders { nodes { name } totalCount } organizations { totalCount } }');
    expect([seen.at('serviceProviders.totalCount'), seen.at('organizations.totalCount')]).toEqual([1, 2]);
    const refused = await client.query('{ trustedIssuers { totalCount } }');
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('makes one member of two first times at once', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const subject = newPerson(idp);
    const claims = claimsOf(idp, subject, audience);
    const tokens = await Promise.all(Array.from({ length: 8 }, (_, index) => idp.sign({ ...claims, jti: `${index}` })));
    const audit = await auditOf(server.database, async () => {
      const answers = await Promise.all(tokens.map((token) => answerTo(server, token)));
      expect(answers).toEqual(tokens.map(() => holdsAs('PROVIDER_SUPPORT')));
    });
    const rows = await server.database.query('select id from staff_member where external_subject = $1', [subject]);
    expect(rows).toHaveLength(1);
    expect(audit.map(({ action }) => action)).toEqual(['staff_member.create']);
  });

  test('of platform staff comes from an issuer of the platform', async ({ idp, server, world }) => {
    const roleMapping = [{ value: 'ops', role: 'PLATFORM_SUPPORT' as const, customRole: null }];
    const own = { serviceProvider: null, roleMapping };
    const { audience } = await trust(world, idp, own, world.platformAdmin);
    const token = await idp.accessToken(newPerson(idp, { roles: 'ops' }), audience);
    expect(await answerTo(server, token)).toEqual(holdsAs('PLATFORM_SUPPORT'));
  });

  test('may have any type but those of other tokens, and several audiences', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const claims = claimsOf(idp, newPerson(idp), audience);
    const late = Math.floor(Date.now() / 1000) - 20;
    const right = {
      'of the type JWT': await idp.sign(claims, { typ: 'JWT' }),
      'of no type': await idp.sign(claims, { typ: undefined }),
      'of the full type': await idp.sign(claims, { typ: 'application/at+jwt' }),
      'for several': await idp.sign({ ...claims, aud: ['https://elsewhere.example', audience] }),
      'that was over just now, by a clock that is not ours': await idp.sign({ ...claims, exp: late }),
      'without a key id': await idp.sign(claims, { kid: undefined }),
    };
    for (const [name, token] of Object.entries(right)) {
      expect([name, ...(await answerTo(server, token))]).toEqual([name, ...holdsAs('PROVIDER_SUPPORT')]);
    }
  });
});

describe('a token is refused', () => {
  test('that is over, forged, or for somebody or something else', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const claims = claimsOf(idp, newPerson(idp), audience);
    const now = Math.floor(Date.now() / 1000);
    const { kid, publicKey } = idp.key();
    const other = await generateKeyPair('ES256');
    const by = (key: typeof other.privateKey, header: Record<string, unknown> = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header }).sign(key);
    const hmac = (secret: string) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(Buffer.from(secret));
    const right = await idp.sign(claims);
    const [head, , signature] = right.split('.');
    const raised = Buffer.from(JSON.stringify({ ...claims, roles: ['keyward-admins'] })).toString('base64url');
    const own = await generateKeyPair('ES256', { extractable: true });
    const forged = {
      'that is over': await idp.sign({ ...claims, exp: now - 60 }),
      'that never ends': await idp.sign({ ...claims, exp: undefined }),
      'that does not hold yet': await idp.sign({ ...claims, nbf: now + 120 }),
      'for another audience': await idp.sign({ ...claims, aud: `${audience}/other` }),
      'for no audience': await idp.sign({ ...claims, aud: undefined }),
      'for more audiences than anybody looks at': await idp.sign({
        ...claims,
        aud: ['1', '2', '3', '4', '5', audience],
      }),
      'of another issuer': await idp.sign({ ...claims, iss: 'https://other.example' }),
      'of the issuer with a slash': await idp.sign({ ...claims, iss: `${idp.issuer}/` }),
      'that says it is ours': await idp.sign({ ...claims, iss: 'keyward' }),
      'of nobody': await idp.sign({ ...claims, sub: undefined }),
      'of nobody that can be written down': await idp.sign({ ...claims, sub: 'a\0b' }),
      'of somebody with a blank': await idp.sign({ ...claims, sub: ` ${claims.sub}` }),
      'of somebody without end': await idp.sign({ ...claims, sub: 'a'.repeat(300) }),
      'that is an ID token': await idp.sign({ ...claims, nonce: 'n' }, { typ: 'JWT' }),
      'that is an ID token by its hash': await idp.sign({ ...claims, at_hash: 'h' }, { typ: 'JWT' }),
      'that is an ID token of Keycloak': await idp.sign({ ...claims, typ: 'ID' }, { typ: 'JWT' }),
      'that is a logout token': await idp.sign({ ...claims, events: {} }, { typ: 'logout+jwt' }),
      'signed by another key': await by(other.privateKey),
      'signed by a key of its own naming': await by(other.privateKey, { kid: 'mine' }),
      'that brings its key along': await by(own.privateKey, { jwk: await exportJWK(own.publicKey), kid: undefined }),
      'changed after it was signed': [head, raised, signature].join('.'),
      'without a signature': [head, raised, ''].join('.'),
      'with alg none': new UnsecuredJWT(claims).encode(),
      'signed with the public key as a secret': await hmac(await exportSPKI(publicKey)),
      'signed with the published key as a secret': await hmac(JSON.stringify(await exportJWK(publicKey))),
      'with a NUL in its issuer': await idp.sign({ ...claims, iss: 'a\0b' }),
      'with a NUL in its audience': await idp.sign({ ...claims, aud: 'a\0b' }),
      'whose issuer is no text': await idp.sign({ ...claims, iss: 1 }),
      'whose audience is no text': await idp.sign({ ...claims, aud: [1, {}] }),
    };
    expect(await answerTo(server, right)).toEqual(holdsAs('PROVIDER_SUPPORT'));
    for (const [name, token] of Object.entries(forged)) {
      expect([name, ...(await answerTo(server, token))]).toEqual([name, ...REFUSED]);
    }
  });

  test('that speaks of nobody who may come in', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp, { domains: ['corp.example'] });
    const people = {
      'without a role': { roles: [] },
      'with another role': { roles: ['keyward-admins-of-others'] },
      'with a role that is no text': { roles: [{ 'keyward-admins': true }] },
      'of another domain': { email: 'eve@corp.example.evil.example' },
      'of another domain with ours before the @': { email: 'corp.example@evil.example' },
      'with two @': { email: 'eve@evil.example@corp.example' },
      'without an address': { email: undefined },
      'with an address that nobody verified': { email_verified: false },
    };
    for (const [name, claims] of Object.entries(people)) {
      const token = await idp.sign(claimsOf(idp, newPerson(idp, claims), audience));
      expect([name, ...(await answerTo(server, token))]).toEqual([name, ...REFUSED]);
    }
    const right = newPerson(idp, { email: 'ann@CORP.example' });
    expect(await answerTo(server, await idp.sign(claimsOf(idp, right, audience)))).toEqual(holdsAs('PROVIDER_SUPPORT'));
  });
});

describe('what the token says', () => {
  test('is the role from then on', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const subject = newPerson(idp);
    expect(await answerTo(server, await idp.accessToken(subject, audience))).toEqual(holdsAs('PROVIDER_SUPPORT'));
    idp.people.set(subject, { ...idp.people.get(subject), roles: ['other', 'keyward-support', 'keyward-admins'] });
    const raised = await idp.accessToken(subject, audience);
    const audit = await auditOf(server.database, async () => {
      expect(await answerTo(server, raised)).toEqual(holdsAs('PROVIDER_ADMIN'));
    });
    expect(audit).toMatchObject([
      { action: 'staff_member.update', before: { role: 'PROVIDER_SUPPORT' }, after: { role: 'PROVIDER_ADMIN' } },
    ]);
    idp.people.set(subject, { ...idp.people.get(subject), roles: [] });
    expect(await answerTo(server, await idp.accessToken(subject, audience))).toEqual(REFUSED);
  });

  test.for([
    ['groups', { groups: 'keyward-admins' }],
    ['realm_access.roles', { realm_access: { roles: ['keyward-admins'] } }],
    ['https://corp.example/roles', { 'https://corp.example/roles': ['keyward-admins'] }],
  ] as const)('stands in the claim %s', async ([roleClaim, claims], { idp, server, world }) => {
    const { audience } = await trust(world, idp, { roleClaim });
    const token = await idp.accessToken(newPerson(idp, claims), audience);
    expect(await answerTo(server, token)).toEqual(holdsAs('PROVIDER_ADMIN'));
  });
});

describe("a provider's own role", () => {
  test('is given by its issuer, and by that of a reseller below', async ({ idp, server, world }) => {
    const customRole = await createRole(world, world.tenants.root, ['apiKey:view', 'audit:view']);
    const roleMapping = [{ value: 'auditors', role: null, customRole }];
    const { audience } = await trust(world, idp, { roleMapping }, world.parentAdmin);
    const token = await idp.accessToken(newPerson(idp, { roles: ['auditors'] }), audience);
    const client = clientWith(server.url, { authorization: `Bearer ${token}` });
    const answer = await client.query('{ viewer { role permissions } serviceProviders { totalCount } }');
    expect(answer.at('viewer.permissions')).toEqual(['apiKey:view', 'audit:view']);
    expect(answer.at('viewer.role')).toMatch(/^Role /);
    expect(answer.at('serviceProviders.totalCount')).toBe(1);
  });

  test('that is not there any more lets nobody in', async ({ idp, server, world }) => {
    const customRole = await createRole(world, world.tenants.reseller, ['apiKey:view']);
    const { audience } = await trust(world, idp, { roleMapping: [{ value: 'x', role: null, customRole }] });
    await server.database.query('delete from custom_role where id = $1', [customRole.customRoleId]);
    expect(await answerTo(server, await idp.accessToken(newPerson(idp, { roles: 'x' }), audience))).toEqual(REFUSED);
  });
});

describe('within a second', () => {
  const changes = {
    'a deactivation': 'update staff_member set deactivated_at = now() where trusted_issuer_id = $1',
    'the end of the trust': 'update trusted_issuer set disabled_at = now() where id = $1',
  };
  test.for(Object.entries(changes))('%s ends every token', async ([, change], { idp, server, world }) => {
    const { audience, trustedIssuerId } = await trust(world, idp);
    const subject = newPerson(idp);
    const token = await idp.accessToken(subject, audience);
    expect(await answerTo(server, token)).toEqual(holdsAs('PROVIDER_SUPPORT'));
    await server.database.query(change, [trustedIssuerId]);
    await expect.poll(() => answerTo(server, token), { timeout: 1000, interval: 25 }).toEqual(REFUSED);
    expect(await answerTo(server, await idp.accessToken(subject, audience))).toEqual(REFUSED);
  });
});

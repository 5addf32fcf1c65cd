import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { test as base, expect } from 'vitest';
import { signAccessToken, verifyAccessToken } from '../../src/authentication/access-token.ts';
import { newId } from '../../src/ids.ts';
import { createTenants, type TestStaff } from '../support/fixtures.ts';
import { bearer } from '../support/graphql-client.ts';
import { send } from '../support/raw-http.ts';
import { statementsOf } from '../support/statements.ts';
import { startServerOn, startTestServer, type TestServer } from '../support/test-installation.ts';
import { answerTo } from '../support/tokens.ts';

/** Two servers over one database, and an administrator of the platform. */
const test = base
  .extend('one', async ({}, { onCleanup }) => {
    const server = await startTestServer();
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('other', async ({ one }, { onCleanup }) => {
    const server = await startServerOn(one.database, { keyEncryptionKey: one.config.keyEncryptionKey });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('admin', async ({ one }) => (await createTenants(one.services)).platformAdmin);

const HOLDS = [200, undefined, 'PLATFORM_ADMIN'];
const DAY_MS = 24 * 3600 * 1000;

async function tokenFrom({ url }: TestServer, staff: TestStaff): Promise<string> {
  return (await bearer(url, staff)).authorization.slice('Bearer '.length);
}

async function publishedKeys({ url }: TestServer): Promise<JSONWebKeySet> {
  const answer = await send(`${url}/.well-known/jwks.json`);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return JSON.parse(answer.text) as JSONWebKeySet;
}

test('two servers on one database accept each other’s tokens, each signed with a key of its own', async ({
  one,
  other,
  admin,
}) => {
  const tokens = [await tokenFrom(one, admin), await tokenFrom(other, admin)];
  for (const token of tokens) {
    expect(await answerTo(one, token)).toEqual(HOLDS);
    expect(await answerTo(other, token)).toEqual(HOLDS);
  }
  expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size).toBe(2);
});

test('after a rotation in mid-session old tokens hold, and new ones are accepted everywhere at once', async ({
  one,
  other,
  admin,
}) => {
  const old = await tokenFrom(one, admin);
  expect(await answerTo(other, old)).toEqual(HOLDS); // it has just looked
  const claims = await verifyAccessToken(one.services.signingKeys, old, new Date());
  if (claims === null) throw new Error('its own token');
  for (let rotation = 0; rotation < 3; rotation++) {
    const { id } = await one.services.signingKeys.rotate(new Date());
    const fresh = await signAccessToken(one.services.signingKeys, claims, new Date());
    expect(decodeProtectedHeader(fresh).kid).toBe(id);
    // Many at once: whoever comes while the key is looked up waits for it.
    const answers = await Promise.all(Array.from({ length: 10 }, () => answerTo(other, fresh)));
    expect(answers).toEqual(Array(10).fill(HOLDS));
    expect(await answerTo(one, fresh)).toEqual(HOLDS);
    expect(await answerTo(other, old)).toEqual(HOLDS);
  }
});

test('/.well-known/jwks.json has the public half of every key that a token may be signed with, and no more', async ({
  one,
  other,
  admin,
}) => {
  const tokens = [await tokenFrom(one, admin), await tokenFrom(other, admin)];
  await one.services.signingKeys.rotate(new Date());
  tokens.push(await tokenFrom(one, admin));
  await one.database.query(
    `insert into signing_key (id, purpose, public_jwk, key_encryption_key_id, wrapped_private_key, created_at)
     values ('of-the-audit-trail', 'AUDIT_TRAIL', '{"kty":"OKP","kid":"of-the-audit-trail"}', 'k', 'x', now())`,
  );
  const jwks = await publishedKeys(other);
  expect(jwks).toEqual(await publishedKeys(one));
  expect(jwks.keys.map(({ kid }) => kid).sort()).toEqual(
    tokens.map((token) => decodeProtectedHeader(token).kid).sort(),
  );
  for (const key of jwks.keys) {
    expect(key).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.stringMatching(/^[\w-]{43}$/),
      kid: expect.any(String),
      alg: 'EdDSA',
      use: 'sig',
    });
  }
  for (const token of tokens) {
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { audience: 'keyward-api', typ: 'at+jwt' });
    expect(payload.sub).toBe(admin.member.id);
  }
});

test('a key vanishes when nothing that it signed can hold any more, and is trusted no longer', async ({
  one,
  other,
  admin,
}) => {
  const { signingKeys } = one.services;
  const old = await tokenFrom(one, admin);
  const { kid = '' } = decodeProtectedHeader(old);
  expect(await answerTo(other, old)).toEqual(HOLDS);
  const later = new Date(Date.now() + 2 * DAY_MS);
  expect(await signingKeys.publicJwks(later)).toEqual([]);
  expect(await signingKeys.publicKey(kid, later)).toBeNull();
  expect(await other.services.signingKeys.publicKey(kid, later)).toBeNull();
  const { id } = await signingKeys.current(later);
  const rows = await one.database.query(`select id from signing_key where purpose = 'ACCESS_TOKEN'`);
  expect(rows).toEqual([{ id }]);
});

test('a process makes one key, however many ask for the first one at once', async ({ one }) => {
  const now = new Date();
  const keys = await Promise.all(Array.from({ length: 20 }, () => one.services.signingKeys.current(now)));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
  const later = new Date(now.getTime() + DAY_MS);
  expect((await one.services.signingKeys.current(new Date(later.getTime() - 1000))).id).toBe(keys[0]?.id);
  expect((await one.services.signingKeys.current(later)).id).not.toBe(keys[0]?.id);
});

test('key ids that nobody knows cost one look a second at most, however many come', { timeout: 20_000 }, async ({
  one,
}) => {
  const { signingKeys } = one.services;
  const startedAt = performance.now();
  const statements = await statementsOf(one, async () => {
    for (let round = 0; round < 3; round++) {
      const kids = Array.from({ length: 200 }, () => newId<'SigningKey'>());
      const found = await Promise.all(kids.map((kid) => signingKeys.publicKey(kid, new Date())));
      expect(found).toEqual(Array(200).fill(null));
    }
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const looks = statements.filter((name) => name === 'signing_key.list').length;
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThanOrEqual(1 + Math.floor(seconds));
});

import { randomInt } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect } from 'vitest';
import { revokeServiceAccount } from '../../src/service-account/service-account.service.ts';
import { clientWith } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import { foundIn } from '../support/needles.ts';
import { auditOf, readRows } from '../support/rows.ts';
import { askForToken, basicOf, createTestServiceAccount, credentialsOf, tokenOf } from '../support/service-accounts.ts';
import { startTestServer } from '../support/test-installation.ts';

/** Each test comes from an address of its own: failures from one address end the attempts from it. */
const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('address', () => `198.18.${randomInt(256)}.${randomInt(1, 255)}`)
  .extend('ask', ({ server, address }) => {
    return (form: Parameters<typeof askForToken>[1], headers: Readonly<Record<string, string>> = {}) =>
      askForToken(server.url, form, { 'x-forwarded-for': address, ...headers });
  });

const REFUSED = { error: 'invalid_client', error_description: expect.any(String) };

describe('the right client id and secret', () => {
  test('give a bearer token for a quarter of an hour, that nobody caches', async ({ server, world, ask }) => {
    const { reseller } = world.tenants;
    const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller, [
      'audit:view',
      'apiKey:view',
    ]);
    for (const answer of [
      await ask(credentialsOf(account)),
      await ask({ grant_type: 'client_credentials' }, basicOf(account)),
    ]) {
      expect([answer.status, answer.body]).toEqual([
        200,
        {
          access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          token_type: 'Bearer',
          expires_in: 900,
          scope: 'apiKey:view audit:view',
        },
      ]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  test('whose token says for whom, since when and for what', async ({ server, world }) => {
    const { reseller } = world.tenants;
    const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller);
    const token = await tokenOf(server.url, account);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: 'keyward',
      aud: 'keyward-api',
      sub: account.id,
      client_id: account.id,
      secret_id: expect.any(String),
      root: reseller.rootProviderId,
      scope: 'apiKey:view',
    });
    expect(exp - iat).toBe(900);
  });

  test('give less for a scope of less, and nothing for a scope of more', async ({ server, world, ask }) => {
    const { reseller } = world.tenants;
    const granted = ['apiKey:view', 'audit:view'];
    const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller, granted);
    const token = await tokenOf(server.url, account, 'audit:view');
    const viewer = await clientWith(server.url, { authorization: `Bearer ${token}` }).query(
      '{ viewer { permissions } }',
    );
    expect(viewer.at('viewer.permissions')).toEqual(['audit:view']);
    for (const scope of ['apiKey:manage', 'audit:view apiKey:reveal', 'everything', 'audit:view everything', ' ']) {
      const { status, body } = await ask({ ...credentialsOf(account), scope });
      expect([scope, status, body]).toEqual([
        scope,
        400,
        { error: 'invalid_scope', error_description: expect.any(String) },
      ]);
    }
  });
});

describe('anything else', () => {
  test('is one and the same answer, whichever part was wrong', async ({ server, world, ask }) => {
    const { reseller } = world.tenants;
    const make = () => createTestServiceAccount(server.services, world.providerAdmin, reseller);
    const [account, other, revoked] = [await make(), await make(), await make()];
    await revokeServiceAccount(world.as(world.providerAdmin), { id: revoked.id, idempotencyKey: null });
    const wrong = [
      { ...account, clientSecret: 'kws_wrong' },
      { ...account, clientSecret: other.clientSecret },
      { ...account, clientId: other.clientId },
      revoked,
    ];
    const answers = new Set<string>();
    for (const credentials of wrong) {
      const { status, headers, text } = await ask(credentialsOf(credentials));
      answers.add(JSON.stringify([status, text, headers.get('cache-control'), headers.get('www-authenticate')]));
    }
    const nobody = { ...account, clientId: 'nobody' };
    const { status, headers, text, body } = await ask({ grant_type: 'client_credentials' }, basicOf(nobody));
    answers.add(JSON.stringify([status, text, headers.get('cache-control'), headers.get('www-authenticate')]));
    expect([status, body, headers.get('www-authenticate')]).toEqual([
      401,
      REFUSED,
      expect.stringMatching(/^Basic realm=/),
    ]);
    expect(answers.size).toBe(1);
  });

  test.for([
    ['no grant', { client_id: 'a', client_secret: 'b' }, {}, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password', username: 'a', password: 'b' }, {}, 400, 'unsupported_grant_type'],
    ['no client', { grant_type: 'client_credentials' }, {}, 401, 'invalid_client'],
    [
      'a parameter twice',
      'grant_type=client_credentials&client_id=a&client_id=b&client_secret=c',
      {},
      400,
      'invalid_request',
    ],
    ['JSON', '{"grant_type":"client_credentials"}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['plain text', 'grant_type=client_credentials', { 'content-type': 'text/plain' }, 400, 'invalid_request'],
    ['too much', `a=${'x'.repeat(20_000)}`, {}, 400, 'invalid_request'],
    ['nothing', '', {}, 400, 'invalid_request'],
  ] as const)('%s is refused in the form of RFC 6749', async ([, form, headers, status, code], { ask }) => {
    const answer = await ask(form, headers);
    expect([answer.status, answer.body]).toEqual([status, { error: code, error_description: expect.any(String) }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('too often is 429 with when to try again, and the right secret has access from elsewhere all the same', async ({
    server,
    world,
    ask,
  }) => {
    const { reseller } = world.tenants;
    const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller);
    const wrong = credentialsOf({ ...account, clientSecret: 'kws_wrong' });
    const statuses = [];
    for (let index = 0; index < 6; index++) statuses.push((await ask(wrong)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const results = await server.database.query('select result from audit_event where actor_id = $1 order by id', [
      account.id,
    ]);
    expect(results.map(({ result }) => result)).toEqual([...Array(5).fill('AUTHENTICATION_FAILED'), 'RATE_LIMITED']);
    const { status, headers, body } = await ask(wrong);
    expect([status, body]).toEqual([429, { error: 'temporarily_unavailable', error_description: expect.any(String) }]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(credentialsOf(account))).status).toBe(429);
    expect((await ask(credentialsOf(account), { 'x-forwarded-for': '203.0.113.9' })).status).toBe(200);
  });
});

describe('each attempt', () => {
  test("is one audit row in the account's own trail", async ({ server, world, ask, address }) => {
    const { services, database } = server;
    const account = await createTestServiceAccount(services, world.orgAdmin, world.organization);
    const rows = await auditOf(database, async () => {
      await ask(credentialsOf(account));
      await ask({ ...credentialsOf(account), scope: 'apiKey:manage' });
      await ask(credentialsOf({ ...account, clientSecret: 'kws_wrong' }));
    });
    const shared = {
      action: 'auth.token',
      actor_id: account.id,
      actor_name: account.name,
      actor_role: 'SERVICE_ACCOUNT',
      target: account.id,
      root_provider_id: world.organization.rootProviderId,
      organization_id: world.organization.organizationId,
      before: null,
      ip_address: address,
    };
    expect(rows).toMatchObject([
      { ...shared, result: 'OK', after: { scope: ['apiKey:view'] } },
      { ...shared, result: 'FORBIDDEN', after: null },
      { ...shared, result: 'AUTHENTICATION_FAILED', after: null },
    ]);
  });

  test("is in the platform's trail when there is no such client, whose name is kept nowhere", async ({
    server,
    ask,
  }) => {
    const typed = 'kws_a-secret-in-the-wrong-field';
    const rows = await auditOf(server.database, async () => {
      await ask(credentialsOf({ clientId: typed, clientSecret: typed }));
    });
    expect(rows).toMatchObject([
      { action: 'auth.token', actor_id: null, actor_name: 'Unknown', organization_id: null },
    ]);
    expect(JSON.stringify(await readRows(server.database, []))).not.toContain(typed);
    expect(server.logLines.join()).not.toContain(typed);
  });

  test('that succeeds is the last use of the account and of that one secret', async ({ server, world, ask }) => {
    const { services, url, database } = server;
    const account = await createTestServiceAccount(services, world.orgAdmin, world.organization);
    const read = () =>
      database.query<{ account: Date | null; address: string | null; secret: Date | null }>(
        `select a.last_used_at as account, a.last_used_address as address, s.last_used_at as secret
         from service_account a join service_account_secret s on s.service_account_id = a.id where a.id = $1`,
        [account.id],
      );
    await ask(credentialsOf({ ...account, clientSecret: 'kws_wrong' }));
    expect(await read()).toEqual([{ account: null, address: null, secret: null }]);
    await tokenOf(url, account);
    const [used] = await read();
    expect(used).toEqual({ account: expect.any(Date), address: '127.0.0.1', secret: expect.any(Date) });
    await tokenOf(url, account);
    expect(await read()).toEqual([used]); // a minute has not passed
    await database.query(
      `update service_account set last_used_at = last_used_at - interval '2 minutes' where id = $1`,
      [account.id],
    );
    await tokenOf(url, account);
    const [again] = await read();
    expect(again?.account?.getTime()).toBeGreaterThanOrEqual(used?.account?.getTime() ?? Number.POSITIVE_INFINITY);
  });

  test('leaves neither secret nor token in the database or the log', async ({ server, world, ask }) => {
    const account = await createTestServiceAccount(server.services, world.orgAdmin, world.organization);
    const token = await tokenOf(server.url, account);
    await ask(credentialsOf({ ...account, clientId: account.clientSecret }));
    await clientWith(server.url, { authorization: `Bearer ${token}` }).query('{ viewer { id } }');
    const kept = JSON.stringify(await readRows(server.database, [])) + server.logLines.join('\n');
    expect(kept).toContain(account.id);
    expect(foundIn(kept, [account.clientSecret, token])).toEqual([]);
  });
});

import { test as base, describe, expect } from 'vitest';
import { newId } from '../../../src/ids.ts';
import { revokeServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { openSession } from '../../support/api-sessions.ts';
import {
  askAt,
  callsCounted,
  createTestGateway,
  keyHeaders,
  limitCalls,
  nameOrganization,
  told,
} from '../../support/gateway-client.ts';
import { organizationId } from '../../support/graphql-world.ts';
import { addSandboxKey, disableByProvider, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands, createKeyWorld, readSlot } from '../../support/key-world.ts';
import { tokenOf } from '../../support/service-accounts.ts';
import { startTestServer } from '../../support/test-installation.ts';

/** A test with a server that believes this machine, tenants of its own, and a gateway of their provider. */
const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('gateway', ({ server, world }) => createTestGateway(server, world));

describe('with a key', () => {
  test('a call passes, is counted, and it is said whose it is', async ({ world, gateway }) => {
    const headers = await keyHeaders(world);
    const answer = await gateway.ask(headers);
    expect(told(answer)).toEqual([204, null, organizationId(world.organization)]);
    expect(answer.text).toBe('');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const externalId = await nameOrganization(world);
    expect(told(await gateway.ask({ ...headers, 'x-organization': externalId }))).toEqual(told(answer));
    expect(await callsCounted(world)).toBe(2);
  });

  test('an organization may have any name', async ({ world, gateway }) => {
    const headers = await keyHeaders(world);
    const externalId = await nameOrganization(world, 'Müller & Söhne, Straße 1');
    const asBytes = Buffer.from(externalId).toString('latin1');
    expect((await gateway.ask({ ...headers, 'x-organization': asBytes })).status).toBe(204);
  });

  test.for(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])(
    'a gateway may ask by %s',
    async (method, { world, gateway }) => {
      const headers = { ...(await keyHeaders(world)), 'content-type': 'application/json' };
      expect((await gateway.ask(headers, { method })).status).toBe(204);
    },
  );

  test('a wrong one, an unknown organization and a foreign one are told apart by nobody', async ({
    server,
    world,
    gateway,
  }) => {
    const right = await keyHeaders(world);
    const sibling = await createTestGateway(server, world, {
      place: world.tenants.otherReseller,
      maker: world.siblingAdmin,
    });
    const shown = async (ask: typeof gateway.ask, headers: Readonly<Record<string, string>>) => {
      const { status, headers: got, text } = await ask(headers);
      const names = ['x-denied-code', 'x-organization-id', 'www-authenticate'];
      return [status, text, ...names.map((name) => got.get(name))];
    };
    const body = '{"code":"NOT_FOUND","message":"This is not the key of this organization."}';
    const refusal = [401, body, 'NOT_FOUND', null, 'Bearer realm="api"'];
    const unknown = [
      '',
      'nobody',
      'o'.repeat(5000),
      organizationId({ ...world.organization, organizationId: newId<'Organization'>() }),
    ];
    expect(await shown(gateway.ask, { ...right, 'x-api-key': 'abcDEF123456' })).toEqual(refusal);
    expect(await shown(gateway.ask, { ...right, 'x-api-key': '' })).toEqual(refusal);
    for (const name of unknown) expect(await shown(gateway.ask, { ...right, 'x-organization': name })).toEqual(refusal);
    expect(await shown(sibling.ask, right)).toEqual(refusal);
    expect(await callsCounted(world)).toBe(0);
  });

  test('a disabled one and one without a subscription are 403', async ({ world, gateway }) => {
    const headers = await keyHeaders(world);
    await disableByProvider(world);
    expect(told(await gateway.ask(headers))).toEqual([403, 'DISABLED', organizationId(world.organization)]);
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    await endSubscription(world);
    expect(told(await gateway.ask(headers))).toEqual([403, 'SUBSCRIPTION_EXPIRED', organizationId(world.organization)]);
  });

  test('the first call over the threshold is 429, and so is every later one', async ({ world, gateway }) => {
    const headers = await keyHeaders(world);
    await limitCalls(world, 3);
    const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.ask(headers)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 204, 204, 429, 429, 429, 429, 429]);
    expect(told(await gateway.ask(headers))).toEqual([429, 'THRESHOLD_EXCEEDED', organizationId(world.organization)]);
    expect(await callsCounted(world)).toBe(3);
  });
});

describe('with a session', () => {
  test('by its cookie or its header a call passes, until it is ended', async ({ server, world, gateway }) => {
    const id = await openSession(server.url, world);
    const ways = [{ cookie: `a=b; JSESSIONID=${id}` }, { JSessionID: id }];
    const ok = [204, null, organizationId(world.organization)];
    for (const way of ways) expect(told(await gateway.ask(way))).toEqual(ok);
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
    for (const way of ways) expect(told(await gateway.ask(way))).toEqual([401, 'SESSION_NOT_VALID', null]);
  });

  test.for(['x', 'x'.repeat(107), ''])('that is none (%s) it does not', async (id, { gateway }) => {
    expect(told(await gateway.ask({ JSessionID: id }))).toEqual([401, 'SESSION_NOT_VALID', null]);
    expect(told(await gateway.ask({ cookie: `JSESSIONID=${id}` }))).toEqual([401, 'SESSION_NOT_VALID', null]);
  });

  test('it may still read when the subscription has ended, as the gateway says', async ({ server, world, gateway }) => {
    const session = { JSessionID: await openSession(server.url, world) };
    await endSubscription(world);
    const asked: readonly (readonly [Record<string, string>, number])[] = [
      [{ 'x-forwarded-method': 'GET' }, 204],
      [{ 'x-forwarded-method': 'HEAD' }, 204],
      [{ 'x-original-method': 'get' }, 204],
      [{ 'x-forwarded-method': 'POST' }, 403],
      [{ 'x-original-method': 'DELETE' }, 403],
      [{ 'x-forwarded-method': 'POST', 'x-original-method': 'GET' }, 403],
      [{ 'x-forwarded-method': 'GET, POST' }, 403],
      [{}, 403],
    ];
    for (const [headers, status] of asked) {
      expect([headers, (await gateway.ask({ ...session, ...headers })).status]).toEqual([headers, status]);
    }
    expect((await gateway.ask(session, { path: '/reports' })).status).toBe(200);
    expect((await gateway.ask(session, { path: '/reports', method: 'POST' })).status).toBe(403);
  });
});

describe('with a sandbox token', () => {
  test('in the query of what was asked for a call passes', async ({ world, gateway }) => {
    await addSandboxKey(world);
    const organization = { 'x-organization': organizationId(world.organization) };
    const { keyString } = await readSlot(world, 'SANDBOX_SUBMISSION');
    const uri = `/zscsb/submit?force=1&api_token=${keyString}`;
    const ways = [
      { 'x-original-uri': uri },
      { 'x-forwarded-uri': uri },
      { 'x-original-url': `https://sandbox.example${uri}` },
    ];
    for (const way of ways) expect((await gateway.ask({ ...organization, ...way })).status).toBe(204);
    expect((await gateway.ask(organization, { path: uri, method: 'POST' })).status).toBe(200);
    expect([await callsCounted(world, 'SANDBOX_SUBMISSION'), await callsCounted(world)]).toEqual([4, 0]);
  });

  test('a key is good for its own kind only', async ({ world, gateway }) => {
    await addSandboxKey(world);
    const { 'x-api-key': key = '', ...organization } = await keyHeaders(world);
    const { keyString } = await readSlot(world, 'SANDBOX_SUBMISSION');
    const asSandbox = await gateway.ask({ ...organization, 'x-original-uri': `/?api_token=${key}` });
    const asKey = await gateway.ask({ ...organization, 'x-api-key': String(keyString) });
    expect([told(asSandbox), told(asKey)]).toEqual([
      [401, 'NOT_FOUND', null],
      [401, 'NOT_FOUND', null],
    ]);
  });
});

test('nothing stands in for a credential that is wrong, and none at all is 401', async ({ server, world, gateway }) => {
  const right = await keyHeaders(world);
  const session = { JSessionID: await openSession(server.url, world) };
  expect(told(await gateway.ask({ ...session, ...right, 'x-api-key': 'abcDEF123456' }))).toEqual([
    401,
    'NOT_FOUND',
    null,
  ]);
  expect(told(await gateway.ask({ ...session, authorization: 'Bearer x.y.z' }))).toEqual([
    401,
    'TOKEN_NOT_VALID',
    null,
  ]);
  expect((await gateway.ask({ ...session, authorization: 'Basic eDp5' })).status).toBe(204);
  expect(told(await gateway.ask({ 'x-organization': right['x-organization'] ?? '' }))).toEqual([
    ...[401, 'CREDENTIALS_MISSING', null],
  ]);
});

describe('a gateway', () => {
  test('proves itself by its secret or by a token, and by nothing else', async ({ server, world, gateway }) => {
    const headers = await keyHeaders(world);
    const token = await tokenOf(server.url, gateway.account);
    const as = (credentials: string) => askAt(server, { ...headers, 'x-keyward-gateway': credentials });
    expect((await as(`Bearer ${token}`)).status).toBe(204);
    expect(told(await as(`Bearer ${token}x`))).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
    expect(told(await as('Digest x'))).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
    expect(told(await askAt(server, headers))).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
    const asClient = await askAt(server, { ...headers, authorization: `Bearer ${token}` });
    expect(told(asClient)).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
  });

  test('needs the permission', async ({ server, world }) => {
    const other = await createTestGateway(server, world, { permissions: ['apiKey:view'] });
    const headers = await keyHeaders(world);
    expect(told(await other.ask(headers))).toEqual([403, 'GATEWAY_FORBIDDEN', null]);
    const token = await tokenOf(server.url, other.account);
    const answer = await askAt(server, { ...headers, 'x-keyward-gateway': `Bearer ${token}` });
    expect(told(answer)).toEqual([403, 'GATEWAY_FORBIDDEN', null]);
  });

  test('is nobody from the moment in which it is revoked', async ({ world, gateway }) => {
    const headers = await keyHeaders(world);
    expect((await gateway.ask(headers)).status).toBe(204);
    await revokeServiceAccount(world.as(world.providerAdmin), {
      id: gateway.account.id,
      idempotencyKey: null,
    });
    for (let time = 0; time < 3; time++) {
      expect(told(await gateway.ask(headers))).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
    }
  });

  test('with a wrong secret is heard no more after some tries, and told how long', async ({
    server,
    world,
    gateway,
  }) => {
    const headers = { ...(await keyHeaders(world)), 'x-forwarded-for': '198.18.77.77' };
    const wrong = (index: number) => {
      const credentials = Buffer.from(`${gateway.account.clientId}:kws_${String(index).padStart(43, 'x')}`);
      return askAt(server, { ...headers, 'x-keyward-gateway': `Basic ${credentials.toString('base64')}` });
    };
    let answer = await wrong(0);
    expect(told(answer)).toEqual([401, 'GATEWAY_UNAUTHENTICATED', null]);
    for (let index = 1; index < 50 && answer.status !== 429; index++) answer = await wrong(index);
    expect(told(answer)).toEqual([429, 'GATEWAY_RATE_LIMITED', null]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await gateway.ask(await keyHeaders(world))).status).toBe(204);
  });
});

describe('what a gateway says of the call', () => {
  test('counts from nobody but those who are named for it', async ({ server, world, gateway }) => {
    const believed = { 'x-forwarded-for': '203.0.113.9' };
    await gateway.ask({ ...(await keyHeaders(world)), ...believed });
    const addressOf = async () => {
      const [row] = await server.database.query<{ address: string }>(
        'select last_used_address as address from usage_counter where organization_id = $1',
        [world.organization.organizationId],
      );
      return row?.address;
    };
    expect(await addressOf()).toBe('203.0.113.9');
    await using wary = await startTestServer();
    const waryWorld = await createKeyWorld(wary);
    const other = await createTestGateway(wary, waryWorld);
    const key = await keyHeaders(waryWorld);
    await other.ask({ ...key, ...believed });
    const rows = await wary.database.query('select last_used_address as address from usage_counter');
    expect(rows).toEqual([{ address: '127.0.0.1' }]);
    const session = { JSessionID: await openSession(wary.url, waryWorld) };
    await addSandboxKey(waryWorld);
    const { keyString } = await readSlot(waryWorld, 'SANDBOX_SUBMISSION');
    const uri = { 'x-original-uri': `/?api_token=${keyString}`, 'x-organization': key['x-organization'] ?? '' };
    expect(told(await other.ask(uri))).toEqual([401, 'CREDENTIALS_MISSING', null]);
    await endSubscription(waryWorld);
    expect((await other.ask({ ...session, 'x-forwarded-method': 'GET' })).status).toBe(403);
    expect((await other.ask(session, { path: '/x' })).status).toBe(200);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, describe, expect, vi } from 'vitest';
import { openSession } from '../../support/api-sessions.ts';
import { startBackend } from '../../support/backend.ts';
import { callsCounted, createTestGateway, keyHeaders, limitCalls } from '../../support/gateway-client.ts';
import { organizationId } from '../../support/graphql-world.ts';
import { addSandboxKey, disableByProvider, endSubscription } from '../../support/key-states.ts';
import { createKeyWorld, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { startNginx } from '../../support/nginx.ts';
import { send } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/test-installation.ts';

const DOCUMENTED = 'docs/gateways/nginx.conf';

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${DOCUMENTED} has no ${from}`);
  return text.replace(from, to);
}

/** nginx as the documentation has it: between clients and a backend, asking the server. */
async function startGateway(server: TestServer, backend: string, credentials: string) {
  const documented = await readFile(DOCUMENTED, 'utf8');
  const site = (port: number, folder: string) => {
    const keyward = new URL(server.url).host;
    const addressed = replaced(replaced(documented, 'keyward.internal:4000', keyward), 'api.internal:8080', backend);
    const listening = replaced(addressed, 'listen 80;', `listen 127.0.0.1:${port};`);
    const logging = replaced(listening, '/var/log/nginx/api.log', join(folder, 'access.log'));
    return replaced(logging, '/etc/nginx/keyward-gateway.conf', join(folder, 'keyward-gateway.conf'));
  };
  return startNginx(site, { 'keyward-gateway.conf': `proxy_set_header X-Keyward-Gateway "${credentials}";\n` });
}

/** A test with a server, a backend and a way to put nginx between them; tenants are its own. */
const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('backend', { scope: 'file' }, async ({}, { onCleanup }) => {
    const backend = await startBackend();
    onCleanup(() => backend[Symbol.asyncDispose]());
    return backend;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('nginx', async ({ server, world, backend }, { onCleanup }) => {
    const { credentials } = await createTestGateway(server, world);
    const nginx = await startGateway(server, backend.host, String(credentials['x-keyward-gateway']));
    onCleanup(() => nginx[Symbol.asyncDispose]());
    return nginx;
  });

const told = ({ status, headers, text }: Awaited<ReturnType<typeof send>>) => [
  status,
  headers.get('x-denied-code'),
  status === 200 ? text : (JSON.parse(text) as { code: string }).code,
];

describe('a real nginx with auth_request', () => {
  test('lets a call pass with its body, and tells the API whose it is', async ({ nginx, backend, world }) => {
    const { 'x-api-key': key = '', ...organization } = await keyHeaders(world);
    const pretended = { 'x-organization-id': 'somebody-else', 'x-api-role': 'admin' };
    const answer = await send(`${nginx.url}/v1/things?a=b`, {
      method: 'POST',
      headers: { ...organization, ...pretended, 'x-api-key': key, 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(told(answer)).toEqual([200, null, 'from the API']);
    const got = backend.received.at(-1);
    expect(got).toMatchObject({ method: 'POST', url: '/v1/things?a=b', body: '{"a":1}' });
    expect(got?.headers['x-organization-id']).toBe(organizationId(world.organization));
    expect([got?.headers['x-api-role'], got?.headers['x-api-key']]).toEqual([undefined, undefined]);
    expect(await callsCounted(world)).toBe(1);
  });

  const states: Readonly<Record<string, readonly [(world: KeyWorld) => Promise<void>, number, string]>> = {
    'a disabled key': [disableByProvider, 403, 'DISABLED'],
    'no subscription': [endSubscription, 403, 'SUBSCRIPTION_EXPIRED'],
  };
  test.for(Object.entries(states))('denies with %s', async ([, [arrange, status, code]], { nginx, backend, world }) => {
    const headers = await keyHeaders(world);
    expect((await send(nginx.url, { headers })).status).toBe(200);
    await arrange(world);
    const before = backend.received.length;
    expect(told(await send(nginx.url, { headers }))).toEqual([status, code, code]);
    expect(backend.received).toHaveLength(before);
  });

  test('denies the first call over the threshold with 429', async ({ nginx, backend, world }) => {
    const headers = await keyHeaders(world);
    await limitCalls(world, 2);
    const before = backend.received.length;
    const answers = [
      await send(nginx.url, { headers }),
      await send(nginx.url, { headers }),
      await send(nginx.url, { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(told(await send(nginx.url, { headers }))).toEqual([429, 'THRESHOLD_EXCEEDED', 'THRESHOLD_EXCEEDED']);
    expect(backend.received).toHaveLength(before + 2);
  });

  test('denies a wrong key, no key and an ended session with 401', async ({ nginx, world }) => {
    const headers = await keyHeaders(world);
    const wrong = await send(nginx.url, { headers: { ...headers, 'x-api-key': 'abcDEF123456' } });
    expect(told(wrong)).toEqual([401, 'NOT_FOUND', 'NOT_FOUND']);
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    expect(told(await send(nginx.url))).toEqual([401, 'CREDENTIALS_MISSING', 'CREDENTIALS_MISSING']);
    const ended = await send(nginx.url, { headers: { cookie: 'JSESSIONID=x' } });
    expect(told(ended)).toEqual([401, 'SESSION_NOT_VALID', 'SESSION_NOT_VALID']);
  });

  test('says itself what the call is: nobody else is believed', async ({ nginx, server, world }) => {
    const session = { cookie: `JSESSIONID=${await openSession(server.url, world)}` };
    await addSandboxKey(world);
    const { keyString } = await readSlot(world, 'SANDBOX_SUBMISSION');
    const organization = { 'x-organization': organizationId(world.organization) };
    const submission = `${nginx.url}/zscsb/submit?api_token=${keyString}`;
    expect((await send(submission, { method: 'POST', headers: organization })).status).toBe(200);
    await vi.waitFor(async () => expect(await nginx.read('access.log')).toContain('POST /zscsb/submit 200'));
    expect(await nginx.read('access.log')).not.toContain('api_token');
    const pretended = { 'x-original-uri': `/?api_token=${keyString}`, 'x-forwarded-uri': `/?api_token=${keyString}` };
    expect((await send(nginx.url, { headers: { ...organization, ...pretended } })).status).toBe(401);
    await endSubscription(world);
    const asGet = { 'x-forwarded-method': 'GET', 'x-original-method': 'GET' };
    expect((await send(nginx.url, { headers: session })).status).toBe(200);
    expect((await send(nginx.url, { method: 'POST', headers: { ...session, ...asGet } })).status).toBe(403);
    expect((await send(`${nginx.url}/keyward-decision`)).status).toBe(404);
  });

  test('with wrong credentials of its own is a bad gateway, and without Keyward it lets nobody pass', async ({
    server,
    backend,
    world,
  }) => {
    const headers = await keyHeaders(world);
    await using stranger = await startGateway(server, backend.host, 'Bearer x.y.z');
    const refused = await send(stranger.url, { headers });
    expect(told(refused)).toEqual([502, 'GATEWAY_UNAUTHENTICATED', 'GATEWAY_UNAUTHENTICATED']);
    const { url } = await startBackend().then(async (gone) => {
      await gone[Symbol.asyncDispose]();
      return { url: `http://${gone.host}` };
    });
    await using alone = await startGateway({ ...server, url }, backend.host, 'Bearer x.y.z');
    expect(told(await send(alone.url, { headers }))).toEqual([503, null, 'DECISION_UNAVAILABLE']);
  });
});

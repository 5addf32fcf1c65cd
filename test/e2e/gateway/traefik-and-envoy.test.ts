import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { test as base, describe, expect } from 'vitest';
import { parse } from 'yaml';
import { openSession } from '../../support/api-sessions.ts';
import { checkRequest, checkResponse, type ExtAuthz } from '../../support/envoy-request.ts';
import { createTestGateway, keyHeaders, limitCalls } from '../../support/gateway-client.ts';
import { organizationId } from '../../support/graphql-world.ts';
import { addSandboxKey, disableByProvider, endSubscription } from '../../support/key-states.ts';
import { createKeyWorld, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { startTestServer, type TestServer } from '../../support/test-installation.ts';
import {
  type ClientCall,
  type ForwardAuth,
  forwardAuthHeaders,
  headersOf,
  withAuthResponse,
  withCustomHeaders,
} from '../../support/traefik-request.ts';

// The requests that the two make, as their sources have it, by the configuration that the documentation has.

const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server));

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

/** Header by header what is given: `fetch` refuses to send some of them. */
function ask(url: string, method: string, headers: Headers): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers) }, (response) => {
      response.resume();
      const got = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: new Headers(got) }));
    });
    sent.on('error', reject).end();
  });
}

/** What becomes of a call: the headers with which it goes on, or the status and the code that the client gets. */
type Passage = { readonly upstream: Headers } | { readonly status: number; readonly code: string | null };
type Gateway = (call: Partial<ClientCall>) => Promise<Passage>;

const callOf = (call: Partial<ClientCall>): ClientCall => ({
  ...{ method: 'GET', url: '/', headers: {}, address: '203.0.113.7', host: 'api.example' },
  ...call,
});

async function traefik(server: TestServer, credentials: string): Promise<Gateway> {
  const text = await readFile('docs/gateways/traefik.yaml', 'utf8');
  const encoded = credentials.replace('Basic ', '');
  const { middlewares, routers } = (parse(text.replace('{{ env "KEYWARD_GATEWAY" }}', encoded)) as TraefikFile).http;
  expect(routers.api.middlewares).toEqual(['keyward-gateway', 'keyward-decision', 'keyward-strip']);
  const { forwardAuth } = middlewares['keyward-decision'];
  expect(forwardAuth.address).toBe('http://keyward.internal:4000/v1/authorize');
  return async (given) => {
    const call = callOf(given);
    const marked = withCustomHeaders(
      headersOf(call.headers),
      middlewares['keyward-gateway'].headers.customRequestHeaders,
    );
    const { pathname } = new URL(forwardAuth.address);
    const answer = await ask(`${server.url}${pathname}`, 'GET', forwardAuthHeaders(forwardAuth, call, marked));
    const isYes = answer.status >= 200 && answer.status < 300;
    if (!isYes) return { status: answer.status, code: answer.headers.get('x-denied-code') };
    const passed = withAuthResponse(forwardAuth, marked, answer.headers);
    return { upstream: withCustomHeaders(passed, middlewares['keyward-strip'].headers.customRequestHeaders) };
  };
}

interface CustomHeaders {
  readonly headers: { readonly customRequestHeaders: Readonly<Record<string, string>> };
}
interface TraefikFile {
  readonly http: {
    readonly middlewares: {
      readonly 'keyward-gateway': CustomHeaders;
      readonly 'keyward-decision': { readonly forwardAuth: ForwardAuth };
      readonly 'keyward-strip': CustomHeaders;
    };
    readonly routers: { readonly api: { readonly middlewares: readonly string[] } };
  };
}

async function envoy(server: TestServer, credentials: string): Promise<Gateway> {
  const text = await readFile('docs/gateways/envoy.yaml', 'utf8');
  const filled = text.replace('Basic <base64 of client id:client secret>', credentials);
  const file = parse(filled) as { readonly http_filters: readonly { readonly typed_config: ExtAuthz }[] };
  const config = file.http_filters[0]?.typed_config;
  if (config === undefined) throw new Error('no filter');
  expect(config.failure_mode_allow).toBe(false);
  return async (given) => {
    const call = callOf(given);
    const { method, path, headers } = checkRequest(config, call);
    const answer = await ask(`${server.url}${path}`, method, headers);
    const result = checkResponse(config, call, answer.status, answer.headers);
    if (result.passes) return { upstream: result.upstream };
    return { status: result.status, code: result.client.get('x-denied-code') };
  };
}

describe.for([
  ['Traefik', traefik],
  ['Envoy', envoy],
] as const)('%s, as it is documented', ([, start]) => {
  const open = async (server: TestServer, world: KeyWorld): Promise<Gateway> => {
    const { credentials } = await createTestGateway(server, world);
    return start(server, String(credentials['x-keyward-gateway']));
  };
  const told = (passage: Passage) => ('upstream' in passage ? 'PASSED' : [passage.status, passage.code]);

  test('lets a call pass, and tells the API whose it is, and nothing that the client pretends', async ({
    server,
    world,
  }) => {
    const gateway = await open(server, world);
    const pretended = { 'x-organization-id': 'somebody-else', 'x-api-role': 'admin', 'x-keyward-gateway': 'Bearer x' };
    for (const method of ['GET', 'POST', 'DELETE']) {
      const headers = {
        ...(await keyHeaders(world)),
        ...pretended,
        'x-mine': 'kept',
        'content-type': 'application/json',
      };
      const passage = await gateway({ method, url: '/v1/things?a=b', headers });
      if (!('upstream' in passage)) throw new Error(`denied: ${String(told(passage))}`);
      const { upstream } = passage;
      expect([upstream.get('x-organization-id'), upstream.get('x-mine')]).toEqual([
        ...[organizationId(world.organization), 'kept'],
      ]);
      expect([upstream.get('x-api-role'), upstream.get('x-api-key')]).toEqual([null, null]);
    }
    const rows = await server.database.query(
      'select last_used_address as address, used::int from usage_counter where organization_id = $1',
      [world.organization.organizationId],
    );
    expect(rows).toEqual([{ address: '203.0.113.7', used: 3 }]);
  });

  test('denies with the status and the code of the decision', async ({ server, world }) => {
    const gateway = await open(server, world);
    const headers = await keyHeaders(world);
    const wrong = { ...headers, 'x-api-key': 'abcDEF123456' };
    expect(told(await gateway({ headers: wrong }))).toEqual([401, 'NOT_FOUND']);
    expect(told(await gateway({}))).toEqual([401, 'CREDENTIALS_MISSING']);
    expect(told(await gateway({ headers: { authorization: 'Bearer x.y.z' } }))).toEqual([401, 'TOKEN_NOT_VALID']);
    await limitCalls(world, 1);
    const calls = [await gateway({ headers }), await gateway({ headers })];
    expect(calls.map(told)).toEqual(['PASSED', [429, 'THRESHOLD_EXCEEDED']]);
    await disableByProvider(world);
    expect(told(await gateway({ headers }))).toEqual([403, 'DISABLED']);
  });

  test('tells the method and the query of the call', async ({ server, world }) => {
    const gateway = await open(server, world);
    const session = { cookie: `JSESSIONID=${await openSession(server.url, world)}` };
    await addSandboxKey(world);
    const { keyString } = await readSlot(world, 'SANDBOX_SUBMISSION');
    const organization = { 'x-organization': organizationId(world.organization) };
    const submission = { method: 'POST', url: `/zscsb/submit?force=1&api_token=${keyString}`, headers: organization };
    expect(told(await gateway(submission))).toBe('PASSED');
    await endSubscription(world);
    expect(told(await gateway({ headers: session }))).toBe('PASSED');
    expect(told(await gateway({ headers: session, method: 'HEAD' }))).toBe('PASSED');
    const pretended = { ...session, 'x-forwarded-method': 'GET', 'x-original-method': 'GET' };
    expect(told(await gateway({ headers: pretended, method: 'POST' }))).toEqual([403, 'SUBSCRIPTION_EXPIRED']);
  });
});

import { test as base, describe, expect } from 'vitest';
import { keepForSearch } from '../support/canary/places.ts';
import { credentialsOf, gatewayWith, globalIdOf, openGateway } from '../support/gateways.ts';
import { bearer, clientWith } from '../support/graphql-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { foundIn } from '../support/needles.ts';
import { attribute, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { post, send } from '../support/raw-http.ts';
import { startTestServer } from '../support/test-installation.ts';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const WAIT = { timeout: 10_000, interval: 50 };
const TYPED = 'qW7eR4tY9uIo';
/** As a client names an operation, a field, or an address that there is not. */
const OWN_NAME = 'NobodyElseSaysThis';

function tracingTo(receiver: OtlpReceiver, ratio = 1) {
  return { url: receiver.url, serviceName: 'keyward-test', ratio };
}

const test = base.extend('traced', async ({}, { onCleanup }) => {
  const receiver = await startOtlpReceiver();
  const server = await startTestServer({ tracing: tracingTo(receiver), trustedProxies: ['127.0.0.1'] });
  onCleanup(async () => {
    await server[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    keepForSearch('traces', receiver.bodies.join('\n'));
  });
  return { receiver, server, world: await createKeyWorld(server) };
});

/** What has come of a request, as soon as its own span has. */
async function traceOf(receiver: OtlpReceiver, requestId: string | null) {
  const own = (span: ReceivedSpan) => attribute(span, 'keyward.request_id') === requestId;
  await expect.poll(() => receiver.spans().some(own), WAIT).toBe(true);
  const root = receiver.spans().find(own);
  const spans = receiver.spans().filter(({ traceId }) => traceId === root?.traceId);
  const childrenOf = (parent: ReceivedSpan | undefined) =>
    spans.filter(({ parentSpanId }) => parent !== undefined && parentSpanId === parent.spanId);
  const namesBelow = (parent: ReceivedSpan | undefined): string[] =>
    childrenOf(parent).flatMap((child) => [child.name, ...namesBelow(child)]);
  return { root, spans, childrenOf, namesBelow };
}

describe('a trace', () => {
  test('goes from the request through the operation and its transaction to each statement', async ({ traced }) => {
    const { receiver, server, world } = traced;
    const headers = await bearer(server.url, world.people.providerAdmin);
    const document = '{ organizations(first: 3) { nodes { name apiKey { status } } } viewer { role } }';
    const answer = await post(`${server.url}/graphql`, JSON.stringify({ query: document }), headers);
    const { root, childrenOf, namesBelow, spans } = await traceOf(receiver, answer.headers.get('x-request-id'));
    expect(root).toMatchObject({ name: 'POST /graphql', kind: SERVER });
    expect(root?.parentSpanId ?? '').toBe('');
    expect(root && attribute(root, 'http.response.status_code')).toBe(200);
    const [operation, ...others] = childrenOf(root).filter(({ name }) => name.startsWith('query'));
    expect(operation?.name).toBe('query organizations, viewer');
    expect(others).toEqual([]);
    expect(namesBelow(operation)).toEqual(expect.arrayContaining(['read', 'fleet.page_NAME_ASC_rp']));
    const statements = spans.filter(({ kind }) => kind === CLIENT);
    expect(statements.length).toBeGreaterThan(1);
    for (const { name, parentSpanId } of statements) {
      expect(name).toMatch(/^[a-z_]+\.\w+$/);
      expect(spans.find(({ spanId }) => spanId === parentSpanId)?.name).toMatch(/^(read|transaction)$/);
    }
    for (const span of spans) {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      if (parent === undefined) expect(span.spanId).toBe(root?.spanId);
      else expect(BigInt(parent.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(span.startTimeUnixNano));
    }
  });

  test('of a decision has the batch that it was made in, and what a batch of several was made for', async ({
    traced,
  }) => {
    const { receiver, server, world } = traced;
    const credentials = await credentialsOf(world);
    const gateway = await openGateway(server, world.providerAdmin, world.tenants.reseller);
    await gateway.verify(credentials);
    const calls = 20;
    await Promise.all(Array.from({ length: calls }, () => gatewayWith(server.url, gateway.token).verify(credentials)));
    const batches = () => receiver.spans().filter(({ name }) => name === 'decide calls');
    const decided = () => batches().reduce((sum, span) => sum + Number(attribute(span, 'keyward.calls')), 0);
    await expect.poll(decided, WAIT).toBeGreaterThanOrEqual(calls + 1);
    const requests = () => receiver.spans().filter(({ name }) => name === 'POST /v1/keys/verify');
    await expect.poll(() => requests().length, WAIT).toBe(calls + 1);
    const spans = receiver.spans();
    const ids = new Set(requests().map(({ spanId }) => spanId));
    for (const batch of batches()) {
      expect(ids).toContain(batch.parentSpanId);
      for (const { spanId } of batch.links ?? []) expect(ids).toContain(spanId);
      expect(1 + (batch.links ?? []).length).toBe(Math.min(33, Number(attribute(batch, 'keyward.calls'))));
      const transaction = spans.find(({ parentSpanId }) => parentSpanId === batch.spanId);
      expect(transaction?.name).toBe('transaction');
    }
    expect(Math.max(...batches().map((span) => Number(attribute(span, 'keyward.calls'))))).toBeGreaterThan(1);
  });

  test('goes on with that of a trusted proxy, and of nobody else', async ({ traced }) => {
    const { receiver, server } = traced;
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const parent = '00f067aa0ba902b7';
    const headers = { traceparent: `00-${traceId}-${parent}-01` };
    const answer = await send(`${server.url}/openapi.json`, { headers });
    const { root } = await traceOf(receiver, answer.headers.get('x-request-id'));
    expect(root).toMatchObject({ traceId, parentSpanId: parent });
    await using other = await startTestServer({ tracing: tracingTo(receiver) });
    const untrusted = await send(`${other.url}/openapi.json`, { headers });
    const own = await traceOf(receiver, untrusted.headers.get('x-request-id'));
    expect(own.root?.traceId).not.toBe(traceId);
  });

  test('of a run in the background begins with it', async ({ traced: { receiver } }) => {
    const jobs = () => receiver.spans().filter(({ name }) => name === 'job expire_approvals');
    await expect.poll(() => jobs().length, WAIT).toBeGreaterThan(0);
    const [job] = jobs();
    const parts = receiver.spans().filter(({ parentSpanId }) => parentSpanId === job?.spanId);
    expect(parts.length).toBeGreaterThan(0);
  });

  test('holds neither a value nor a name that a client gave, and names no person', async ({ traced }) => {
    const { receiver, server, world } = traced;
    const headers = await bearer(server.url, world.people.providerAdmin);
    const client = clientWith(server.url, headers);
    const input = { organizationId: globalIdOf(world.organization), newKey: TYPED };
    const edited = await client.query(
      `mutation ${OWN_NAME}($input: EditApiKeyInput!) { ${OWN_NAME}: editApiKey(input: $input) { apiKey { status } userErrors { code } } }`,
      { input },
    );
    expect(edited.errors).toEqual([]);
    await client.query(`{ ${OWN_NAME} }`);
    const revealed = await client.query(
      'mutation ($input: ApiKeyInput!) { revealApiKey(input: $input) { keyString } }',
      { input: { organizationId: input.organizationId } },
    );
    expect(revealed.at('revealApiKey.keyString')).toBe(TYPED);
    const gateway = await openGateway(server, world.providerAdmin, world.tenants.reseller);
    await gateway.verify({ organization: input.organizationId, key: TYPED });
    await send(`${server.url}/${OWN_NAME}?q=${OWN_NAME}`, { headers: { 'user-agent': OWN_NAME } });
    const last = await send(`${server.url}/openapi.json`);
    await traceOf(receiver, last.headers.get('x-request-id'));
    const told = receiver.bodies.join('\n');
    expect(told).toContain('api_key.');
    expect(told).toContain('mutation editApiKey');
    const { password, username } = world.people.providerAdmin;
    const token = headers.authorization.replace('Bearer ', '');
    const { organizationId } = world.organization;
    expect(foundIn(told, [TYPED, OWN_NAME, password, token, gateway.token, username, organizationId])).toEqual([]);
  });

  test('tells of what failed by a code alone', async ({ traced: { receiver, server, world } }) => {
    await server.database.query('alter table organization rename to organization_gone');
    const headers = await bearer(server.url, world.people.providerAdmin);
    const answer = await post(`${server.url}/graphql`, '{"query":"{ organizations { nodes { name } } }"}', headers);
    await server.database.query('alter table organization_gone rename to organization');
    const { spans, root } = await traceOf(receiver, answer.headers.get('x-request-id'));
    const failed = spans.filter(({ status }) => status.code === ERROR);
    expect(failed.map((span) => attribute(span, 'error.type'))).toContain('42P01');
    expect(receiver.bodies.join()).not.toContain('does not exist');
    const lines = server.logLines.filter((line) => line.includes('a statement failed'));
    const [line] = lines.map((each) => JSON.parse(each) as Record<string, unknown>);
    expect(line).toMatchObject({ requestId: answer.headers.get('x-request-id'), traceId: root?.traceId });
  });
});

describe('traces', () => {
  test('are kept in the share that was asked for', async () => {
    await using receiver = await startOtlpReceiver();
    const server = await startTestServer({ tracing: tracingTo(receiver, 0) });
    await send(`${server.url}/openapi.json`);
    await server[Symbol.asyncDispose](); // sends what there still is
    expect(receiver.bodies).toEqual([]);
  });

  test('that nobody takes hold nothing up, and the log says so once', async () => {
    await using receiver = await startOtlpReceiver({ status: 400 });
    await using server = await startTestServer({ tracing: tracingTo(receiver) });
    for (let round = 0; round < 5; round++) expect((await send(`${server.url}/openapi.json`)).status).toBe(200);
    const told = () => server.logLines.filter((line) => line.includes('traces could not be sent'));
    await expect.poll(() => told().length, WAIT).toBe(1);
  });
});

import { Validator } from '@seriousme/openapi-schema-validator';
import { test as base, describe, expect } from 'vitest';
import { createTestGateway } from '../support/gateway-client.ts';
import { credentialsOf, openGateway } from '../support/gateways.ts';
import { organizationId } from '../support/graphql-world.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { AnswerCheck, type OpenApiDocument } from '../support/openapi.ts';
import { send } from '../support/raw-http.ts';
import { routesOf } from '../support/routes.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { startServerOn, startTestServer, type TestServer } from '../support/test-installation.ts';
import { cases, casesWithoutDatabase, type Site } from './openapi-cases.ts';

async function siteOf(server: TestServer): Promise<Site> {
  const world = await createKeyWorld(server);
  return { server, world, gateway: await createTestGateway(server, world) };
}

async function documentOf(server: TestServer): Promise<OpenApiDocument> {
  return JSON.parse((await send(`${server.url}/openapi.json`)).text) as OpenApiDocument;
}

const test = base
  .extend('started', { scope: 'file' }, async ({}, { onCleanup }) => {
    const started = await routesOf(() => startTestServer({ trustedProxies: ['127.0.0.1'] }));
    onCleanup(() => started.server[Symbol.asyncDispose]());
    return started;
  })
  .extend('document', { scope: 'file' }, ({ started }) => documentOf(started.server))
  .extend('check', { scope: 'file' }, ({ document }) => new AnswerCheck(document));

/** `POST /auth/login 200` in its two parts. */
function parsed(name: string): [operation: string, status: number] {
  const at = name.lastIndexOf(' ');
  return [name.slice(0, at), Number(name.slice(at))];
}

describe('/openapi.json', () => {
  test('is OpenAPI 3.1', async ({ document }) => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone<object>(document) as Record<string, unknown>);
    expect([result.valid, result.errors, validator.version]).toEqual([true, undefined, '3.1']);
  });

  test('has every route but GraphQL and the console, and no other', async ({ started, document }) => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = started.routes
      .filter(({ url }) => !url.startsWith('/graphql') && url !== '/assets/*' && url !== '/*')
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')}`)
      // HEAD is the framework's own, beside each GET, but where it is asked by every method.
      .filter((name) => !name.startsWith('HEAD ') || name.startsWith('HEAD /v1/authorize'));
    expect(described.sort()).toEqual([...new Set(served)].sort());
  });

  test.for([
    [{ kind: 'CLOUD_SERVICE', cost: 1_000_000, address: '2001:db8::1' }, 200],
    [{ kind: 'OTHER' }, 400],
    [{ cost: 1_000_001 }, 400],
    [{ cost: 0.5 }, 400],
    [{ key: 7 }, 400],
  ] as const)('lets a decision be asked for as the server does: %j', async ([more, status], { started, check }) => {
    const world = await createKeyWorld(started.server);
    const { token } = await openGateway(started.server, world.providerAdmin, world.tenants.reseller);
    const { key } = await credentialsOf(world);
    const body = { organization: organizationId(world.organization), key, ...more };
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    expect((await send(`${started.server.url}/v1/keys/verify`, init)).status).toBe(status);
    expect(check.complaintsAboutRequest('POST /v1/keys/verify', body).length === 0).toBe(status === 200);
  });

  test('has each operation under a name of its own', ({ document }) => {
    const ids = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => (operation as { operationId?: string }).operationId),
    );
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).not.toContain(undefined);
  });

  test('writes out no answer that is not asked for here', ({ check }) => {
    expect([...Object.keys(cases), ...Object.keys(casesWithoutDatabase)].sort()).toEqual(check.names.sort());
  });
});

describe('every answer is as it says', () => {
  test.for(Object.entries(cases))('%s', async ([name, send], { started, check }) => {
    const [operation, status] = parsed(name);
    const answer = await send(await siteOf(started.server));
    expect([answer.status, check.complaintsAbout(operation, answer)], answer.text.slice(0, 300)).toEqual([status, []]);
  });

  test('without a database as well', { timeout: 60_000 }, async ({ check }) => {
    const database = await cloneTestDatabase();
    const server = await startServerOn(database, { logLevel: 'fatal' });
    const site = await siteOf(server);
    const prepared = await Promise.all(
      Object.entries(casesWithoutDatabase).map(async ([name, prepare]) => [name, await prepare(site)] as const),
    );
    await database[Symbol.asyncDispose]();
    for (const [name, send] of prepared) {
      const [operation, status] = parsed(name);
      const answer = await send();
      expect([name, answer.status, check.complaintsAbout(operation, answer)]).toEqual([name, status, []]);
    }
    await server[Symbol.asyncDispose]();
  });
});

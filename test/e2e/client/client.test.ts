import { test as base, describe, expect, vi } from 'vitest';
import type { KeywardClientOptions } from '../../../clients/node/src/keyward-client.ts';
import {
  clientOptions,
  FETCH_KEY,
  LOGIN,
  LOOK,
  openClient,
  TOKEN,
  Wire,
  withoutUser,
} from '../../support/client-world.ts';
import { createTestGateway } from '../../support/gateway-client.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { disableByProvider, emptySlot, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands, createKeyWorld } from '../../support/key-world.ts';
import { createTestServiceAccount } from '../../support/service-accounts.ts';
import { startTestServer } from '../../support/test-installation.ts';

const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('options', async ({ server, world }, { onCleanup }) => {
    const { credentials } = await createTestGateway(server, world);
    const api = await startGuardedApi(server.url, credentials);
    onCleanup(() => api[Symbol.asyncDispose]());
    return clientOptions(server.services, world, { baseUrl: api.url, keywardUrl: `${server.url}/` });
  })
  .extend('open', async ({ options }, { onCleanup }) => {
    const stack = new AsyncDisposableStack();
    onCleanup(() => stack.disposeAsync());
    return async (more: Partial<KeywardClientOptions> = {}, own: KeywardClientOptions = options) => {
      const wire = new Wire();
      const { client } = stack.use(await openClient({ ...own, fetch: wire.fetch, ...more }));
      return { client, wire };
    };
  });

/** What is never answered. */
function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

describe('a client', () => {
  test('makes calls over one session, however many begin at once', async ({ open }) => {
    const { client, wire } = await open();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, call) => (await client.fetch(`/orders/${call}`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const sent = [TOKEN, FETCH_KEY, LOGIN].map((name) => wire.sent(name));
    expect(sent).toEqual([1, 1, 1]);
  });

  test('without a user shows the key', async ({ open, options }) => {
    const { client, wire } = await open({}, withoutUser(options));
    expect((await client.fetch('orders')).status).toBe(200);
    expect(wire.sent(LOGIN)).toBe(0);
  });

  test('logs in again when its session has ended, and is not shown a key that it has', async ({ world, open }) => {
    const { client, wire } = await open();
    await client.fetch('/orders');
    const { keyward, organization } = world;
    await keyward.database.query('delete from api_session where organization_id = $1', [organization.organizationId]);
    expect((await client.fetch('/orders')).status).toBe(200);
    expect([wire.answered(FETCH_KEY, 200), wire.answered(FETCH_KEY, 304), wire.sent(LOGIN)]).toEqual([1, 1, 2]);
  });

  test('keeps a session alive that nobody uses, for as long as it is open', async ({ open }) => {
    const { client, wire } = await open({ idleTimeoutMs: 200 });
    await client.fetch('/orders');
    await vi.waitFor(() => expect(wire.answered(LOOK, 200)).toBeGreaterThan(2));
    await client.fetch('/orders');
    expect(wire.sent(LOGIN)).toBe(1);
  });

  test('finds another key by looking, before any call is refused', async ({ world, open }) => {
    const { client, wire } = await open({ pollMs: 30 });
    await client.fetch('/orders');
    await commands.REGENERATE(world.as(world.providerAdmin), commandInput(world.organization));
    await vi.waitFor(() => expect(wire.answered(LOGIN, 200)).toBe(2));
    expect(wire.answered(FETCH_KEY, 200)).toBe(2);
    expect((await client.fetch('/orders')).status).toBe(200);
  });

  test('gets another token when its own is refused', async ({ server, world, open }) => {
    const { client, wire } = await open();
    await client.fetch('/orders');
    await server.database.query('update service_account_secret set id = gen_random_uuid() where organization_id = $1', [
      world.organization.organizationId,
    ]);
    await commands.REGENERATE(world.as(world.providerAdmin), commandInput(world.organization));
    expect((await client.fetch('/orders')).status).toBe(200);
    expect(wire.sent(TOKEN)).toBe(2);
  });

  test('ends its session when it is closed, and makes no more calls', async ({ world, open }) => {
    const wire = new Wire();
    const { client } = await open({
      pollMs: 20,
      fetch: (input, init) => (String(input).endsWith('/late') ? untilAborted(init?.signal) : wire.fetch(input, init)),
    });
    await client.fetch('/orders');
    const late = expect(client.fetch('/late')).rejects.toMatchObject({ code: 'CLOSED' });
    const sessions = () =>
      world.keyward.database.query('select from api_session where organization_id = $1', [
        world.organization.organizationId,
      ]);
    expect(await sessions()).toHaveLength(1);
    await client.close();
    expect(await sessions()).toEqual([]);
    await late;
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'CLOSED' });
    await client.close();
  });
});

describe('what stops a client has a code:', () => {
  test('KEY_DISABLED', async ({ world, open }) => {
    const { client } = await open();
    await client.fetch('/orders');
    await disableByProvider(world);
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'KEY_DISABLED', status: 403 });
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    expect((await client.fetch('/orders')).status).toBe(200);
  });

  test('NOT_SUBSCRIBED', async ({ world, open }) => {
    await endSubscription(world);
    const { client } = await open();
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'NOT_SUBSCRIBED', status: 403 });
  });

  test('KEY_NOT_FOUND', async ({ world, open }) => {
    await emptySlot(world);
    const { client } = await open();
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND', status: 404 });
  });

  test('ORGANIZATION_NOT_FOUND', async ({ open }) => {
    const { client } = await open({ organization: 'nobody' });
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'ORGANIZATION_NOT_FOUND', status: 404 });
  });

  test('SERVICE_ACCOUNT_REFUSED', async ({ server, world, options, open }) => {
    const { serviceAccount } = options;
    const wrong = await open({ serviceAccount: { ...serviceAccount, clientSecret: `kws_${'x'.repeat(43)}` } });
    await expect(wrong.client.fetch('/orders')).rejects.toMatchObject({ code: 'SERVICE_ACCOUNT_REFUSED', status: 401 });
    const viewer = await createTestServiceAccount(server.services, world.orgAdmin, world.organization, ['apiKey:view']);
    const without = await open({ serviceAccount: viewer });
    await expect(without.client.fetch('/orders')).rejects.toMatchObject({
      code: 'SERVICE_ACCOUNT_REFUSED',
      status: 400,
    });
  });

  test('LOGIN_REFUSED', async ({ options, open }) => {
    const { client } = await open({ user: { ...options.user, password: 'not theirs' } });
    await expect(client.fetch('/orders')).rejects.toMatchObject({ code: 'LOGIN_REFUSED', status: 400 });
  });
});

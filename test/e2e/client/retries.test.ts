import { test as base, describe, expect } from 'vitest';
import { KeywardClient, type KeywardClientOptions } from '../../../clients/node/src/keyward-client.ts';
import { type Received, type ScriptedAnswer, startScriptedApi } from '../../support/scripted-api.ts';

// Against servers that misbehave as told: what a real one does seldom. Keys, tokens and sessions of theirs are made up.

const KEY = 'abcDEF123456';
const SECRET = 'kws_made-up-secret-of-a-service-account';
const PASSWORD = 'made up password';
const json = (status: number, body: unknown, headers = {}): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A Keyward that lets everybody in. */
function keyward({ url }: Received): ScriptedAnswer | null {
  if (url === '/oauth/token') return json(200, { access_token: 'x.y.z', expires_in: 900 });
  if (url.startsWith('/v1/keys/current')) return json(200, { apiKey: KEY, version: 1 }, { etag: '"1"' });
  if (url !== '/api/v1/authenticatedSession') return null;
  return json(200, {}, { 'set-cookie': 'JSESSIONID=made-up-session; Path=/; Secure; HttpOnly' });
}

type Script = (call: number, request: Received) => ScriptedAnswer | 'BREAK' | null;

interface Opened {
  readonly client: KeywardClient;
  /** What came of what is not Keyward's own. */
  readonly calls: () => Received[];
  readonly received: () => readonly Received[];
}

const test = base.extend('open', async ({}, { onCleanup }) => {
  const stack = new AsyncDisposableStack();
  onCleanup(() => stack.disposeAsync());
  /** @param script what each call gets; null: Keyward's own answer, or 200 */
  return async (script: Script, more: Partial<KeywardClientOptions> = {}): Promise<Opened> => {
    let count = 0;
    const api = stack.use(
      await startScriptedApi((request) => script(count++, request) ?? keyward(request) ?? json(200, {})),
    );
    const client = new KeywardClient({
      baseUrl: api.url,
      organization: 'ACME-17',
      serviceAccount: { clientId: 'made-up', clientSecret: SECRET },
      user: { username: 'ann@example.com', password: PASSWORD },
      ...more,
    });
    stack.defer(() => client.close());
    const isCall = (request: Received) => keyward(request) === null;
    return { client, calls: () => api.received.filter(isCall), received: () => api.received };
  };
});

/** Answers the first calls to the API itself with these, one after another. */
function first(...answers: (ScriptedAnswer | 'BREAK')[]): Script {
  const left = [...answers];
  return (_, request) => (keyward(request) === null ? (left.shift() ?? null) : null);
}

describe('a call', () => {
  test('is tried again after 429, 5xx and a lost connection, with longer and longer pauses', async ({ open }) => {
    const { client, calls } = await open(first({ status: 502 }, { status: 500 }, 'BREAK', { status: 429 }));
    expect((await client.fetch('/orders?page=1')).status).toBe(200);
    const at = calls().map(({ atMs }) => atMs);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(pauses).toHaveLength(4);
    // At least half of 200, 400, 800, 1600.
    for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(100 * 2 ** index - 10);
  });

  test('waits as long as Retry-After says', async ({ open }) => {
    const { client, calls } = await open(first({ status: 503, headers: { 'retry-after': '1' } }));
    await client.fetch('/orders');
    const [one, two] = calls();
    expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('ends with the last answer when patience is at its end', async ({ open }) => {
    const { client, calls } = await open((_, request) => (keyward(request) === null ? { status: 503 } : null), {
      patienceMs: 500,
    });
    expect((await client.fetch('/orders')).status).toBe(503);
    expect(calls().length).toBeGreaterThan(1);
    const lost = await open((_, request) => (keyward(request) === null ? 'BREAK' : null), { patienceMs: 500 });
    await expect(lost.client.fetch('/orders')).rejects.toMatchObject({ name: 'KeywardError', code: 'UNAVAILABLE' });
  });

  test('that may have been worked on is not repeated', async ({ open }) => {
    for (const answer of [{ status: 503 }, 'BREAK'] as const) {
      const { client, calls } = await open(first(answer));
      const outcome = client.fetch('/orders', { method: 'POST', body: 'one' });
      if (answer === 'BREAK') await expect(outcome).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      else expect((await outcome).status).toBe(503);
      expect(calls()).toHaveLength(1);
    }
    const { client, calls } = await open(first({ status: 429 }, { status: 401 }));
    expect((await client.fetch('/orders', { method: 'POST', body: 'one' })).status).toBe(200);
    expect(calls().map(({ body }) => body)).toEqual(['one', 'one', 'one']);
  });

  test('is not repeated when the calls of the period are used up', async ({ open }) => {
    const { client, calls } = await open(first({ status: 429, headers: { 'x-denied-code': 'THRESHOLD_EXCEEDED' } }));
    expect((await client.fetch('/orders')).status).toBe(429);
    expect(calls()).toHaveLength(1);
  });

  test('is made once more after 401, and not again', async ({ open }) => {
    const { client, calls } = await open((_, request) => (keyward(request) === null ? { status: 401 } : null));
    expect((await client.fetch('/orders')).status).toBe(401);
    expect(calls()).toHaveLength(2);
  });

  test('with a stream is sent once', async ({ open }) => {
    const { client, calls } = await open(first({ status: 401 }));
    const body = new Blob(['one']).stream();
    const init: RequestInit = { method: 'PUT', body, duplex: 'half' };
    expect((await client.fetch('/orders', init)).status).toBe(401);
    expect(calls().map((call) => call.body)).toEqual(['one']);
  });

  test('keeps its own headers and cookies, and goes to the one origin', async ({ open }) => {
    const { client, calls } = await open(() => null);
    await client.fetch('//evil.example/orders', { headers: { cookie: 'own=1', 'x-own': '2' } });
    await client.fetch('@evil.example');
    expect(calls().map(({ url }) => url)).toEqual(['//evil.example/orders', '/@evil.example']);
    expect(calls()[0]?.headers).toMatchObject({ cookie: 'own=1; JSESSIONID=made-up-session', 'x-own': '2' });
  });

  test('does not follow to elsewhere', async ({ open }) => {
    await using elsewhere = await startScriptedApi(() => ({ status: 200 }));
    const { client } = await open(first({ status: 307, headers: { location: elsewhere.url } }));
    expect((await client.fetch('/orders', { redirect: 'follow' })).status).toBe(307);
    expect(elsewhere.received).toEqual([]);
  });

  test('ends when its signal is aborted, and the others go on', async ({ open }) => {
    const { client } = await open((_, { url }) => (url === '/slow' ? { status: 503 } : null));
    const controller = new AbortController();
    const slow = client.fetch('/slow', { signal: controller.signal });
    expect((await client.fetch('/orders')).status).toBe(200);
    controller.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
  });
});

describe('a login', () => {
  const logins = (received: readonly Received[]) =>
    received.filter(({ method, url }) => method === 'POST' && url === '/api/v1/authenticatedSession');

  test('that is refused is tried with the key as it is then, and not over and over', async ({ open }) => {
    const refusal = json(400, { code: 'AUTHENTICATION_FAILED', message: 'AUTHENTICATION_FAILED' });
    const { client, received } = await open((_, { method, url }) =>
      method === 'POST' && url === '/api/v1/authenticatedSession' ? refusal : null,
    );
    const refused = { code: 'LOGIN_REFUSED', status: 400 };
    await expect(client.fetch('/orders')).rejects.toMatchObject(refused);
    await Promise.all(Array.from({ length: 20 }, () => expect(client.fetch('/orders')).rejects.toMatchObject(refused)));
    expect(logins(received())).toHaveLength(2); // five within a minute lock the name out
  });

  test('that comes too late for its key is made with the next one', async ({ open }) => {
    let version = 1;
    const { client, received } = await open((_, { method, url }) => {
      if (url.startsWith('/v1/keys'))
        return json(200, { apiKey: `abcDEF12345${version}`, version }, { etag: `"${version}"` });
      if (method !== 'POST' || url !== '/api/v1/authenticatedSession' || version > 1) return null;
      version = 2;
      return json(400, { code: 'AUTHENTICATION_FAILED' });
    });
    expect((await client.fetch('/orders')).status).toBe(200);
    expect(logins(received())).toHaveLength(2);
  });

  test('never shows the key, and never the same time twice', async ({ open }) => {
    let refusals = 3;
    const { client, received } = await open((_, { method, url }) =>
      method === 'POST' && url === '/api/v1/authenticatedSession' && refusals-- > 0 ? { status: 503 } : null,
    );
    await client.fetch('/orders');
    const bodies = logins(received()).map(({ body }) => JSON.parse(body) as { apiKey: string; timestamp: number });
    expect(new Set(bodies.map(({ timestamp }) => timestamp)).size).toBe(4);
    for (const { apiKey } of bodies) expect(apiKey).not.toBe(KEY);
  });
});

describe('no secret', () => {
  test('is in an error, and none in what is printed of a client', async ({ open }) => {
    const { inspect } = await import('node:util');
    const secrets = [KEY, SECRET, PASSWORD, 'made-up-session', 'x.y.z'];
    const failing: Script[] = [
      () => 'BREAK',
      () => json(400, { code: 'AUTHENTICATION_FAILED' }),
      (_, { url }) => (url.startsWith('/v1/keys') ? json(403, { code: 'FORBIDDEN' }) : null),
      (_, { url, method }) =>
        url.includes('Session') && method === 'POST' ? json(403, { code: 'API_KEY_DISABLED' }) : null,
      (_, { url }) => (url === '/orders' ? 'BREAK' : null),
    ];
    for (const script of failing) {
      const { client } = await open(script, { patienceMs: 300 });
      const error = await client.fetch('/orders').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'KeywardError' });
      const printed = inspect([error, client], { depth: 10, showHidden: true }) + JSON.stringify([error, client]);
      for (const secret of secrets) expect(printed).not.toContain(secret);
    }
  });
});

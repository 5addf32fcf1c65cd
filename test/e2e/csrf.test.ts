import { request } from 'node:http';
import { describe, expect } from 'vitest';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import { bearer } from '../support/graphql-client.ts';
import { test as base, organizationId } from '../support/graphql-world.ts';
import { readSlot } from '../support/key-world.ts';

/** The cookie of somebody who is signed in at the console, which a browser sends along whoever makes it ask. */
const test = base.extend('cookie', async ({ server, world }) => {
  const { authorization } = await bearer(server.url, world.people.orgAdmin);
  return `${SESSION_COOKIE}=${authorization.slice('Bearer '.length)}`;
});

type Headers = Record<string, string>;
interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** As it is: `fetch` would not let go of some headers that only browsers may set. */
function send(url: string, method: string, headers: Headers, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject).end(body);
  });
}

const originsOf = (url: string) => [
  undefined,
  url,
  'https://evil.example',
  'null',
  `${url}1`,
  url.replace('http:', 'https:'),
];
const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none', 'Same-Origin, cross-site'];
const bodyTypes = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  undefined,
];

const REVEAL = 'mutation ($input: ApiKeyInput!) { revealApiKey(input: $input) { keyString userErrors { code } } }';

interface Sent {
  readonly origin: string | undefined;
  readonly site: string | undefined;
  readonly type: string | undefined;
}

function everyCombination(url: string): Sent[] {
  return originsOf(url).flatMap((origin) => sites.flatMap((site) => bodyTypes.map((type) => ({ origin, site, type }))));
}

function headersOf({ origin, site, type }: Sent): Headers {
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
}

/** A browser that says where a request comes from is believed; an old one has to show our own origin. */
const isOurOwnPage = (url: string, { origin, site }: Sent) =>
  site === undefined ? origin === url : site === 'same-origin';

const corsHeaders = ({ headers }: Answer) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('the cookie of the console', () => {
  test('counts in a POST of JSON from our own pages, and in no other POST', async ({ server, world, cookie }) => {
    const { url } = server;
    const variables = { input: { organizationId: organizationId(world.organization) } };
    const body = JSON.stringify({ query: REVEAL, variables });
    const wrong: unknown[] = [];
    for (const one of everyCombination(url)) {
      const answer = await send(`${url}/graphql`, 'POST', { ...headersOf(one), cookie }, body);
      const isAnswered = answer.status === 200 && /"keyString":"\w{12}"/.test(answer.text);
      const expected = one.type === 'application/json' && isOurOwnPage(url, one);
      const isAsExpected = isAnswered === expected && (expected || !answer.text.includes('"data"'));
      if (!isAsExpected || corsHeaders(answer).length > 0) wrong.push({ ...one, status: answer.status });
    }
    expect(wrong).toEqual([]);
  });

  test('counts in a GET only from our own pages and with a header that needs a preflight', async ({
    server,
    cookie,
  }) => {
    const { url } = server;
    const address = `${url}/graphql?query=${encodeURIComponent('{ viewer { role } }')}`;
    const wrong: unknown[] = [];
    for (const one of everyCombination(url).filter(({ type }) => type === undefined)) {
      for (const preflight of [{}, { 'apollo-require-preflight': 'true' }] as Headers[]) {
        const answer = await send(address, 'GET', { ...headersOf(one), ...preflight, cookie });
        const expected = 'apollo-require-preflight' in preflight && isOurOwnPage(url, one);
        const isAnswered = answer.status === 200 && answer.text.includes('ORG_ADMIN');
        if (isAnswered !== expected || corsHeaders(answer).length > 0) wrong.push({ ...one, status: answer.status });
      }
    }
    expect(wrong).toEqual([]);
  });

  test('makes no mutation by GET, wherever it comes from', async ({ server, world, cookie }) => {
    const { url } = server;
    const query = REVEAL.replaceAll('revealApiKey', 'regenerateApiKey');
    const variables = JSON.stringify({ input: { organizationId: organizationId(world.organization) } });
    const address = `${url}/graphql?${new URLSearchParams({ query, variables })}`;
    for (const one of everyCombination(url)) {
      const answer = await send(address, 'GET', { ...headersOf(one), cookie, 'apollo-require-preflight': 'true' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect((await readSlot(world)).version).toBe(1);
  });

  test('does not stand in for a bearer token that is wrong', async ({ server, cookie }) => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ viewer { id } }' });
    for (const authorization of ['', 'Bearer x', 'Basic eDp5'])
      expect((await send(`${server.url}/graphql`, 'POST', { ...headers, authorization }, body)).status).toBe(401);
  });
});

describe('a page of another origin', () => {
  test('is given no leave by a preflight, whatever it asks for', async ({ server }) => {
    for (const path of ['/graphql', '/auth/login', '/healthz', '/nowhere']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await send(`${server.url}${path}`, 'OPTIONS', {
          origin: 'https://evil.example',
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization, content-type',
        });
        expect([path, method, answer.status >= 400, corsHeaders(answer)]).toEqual([path, method, true, []]);
      }
    }
  });

  test('with a token of its own is answered, and may not read the answer', async ({ server, world }) => {
    const headers = { ...(await bearer(server.url, world.people.orgAdmin)), origin: 'https://evil.example' };
    const body = JSON.stringify({ query: '{ viewer { role } }' });
    const answer = await send(
      `${server.url}/graphql`,
      'POST',
      { ...headers, 'content-type': 'application/json' },
      body,
    );
    expect([answer.status, corsHeaders(answer)]).toEqual([200, []]);
  });
});

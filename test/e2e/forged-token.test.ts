import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import { badClaims } from '../support/forgeries/claims.ts';
import { createForge, type Forge, type Forgeries, parted } from '../support/forgeries/forge.ts';
import { badHeaders, badSpellings } from '../support/forgeries/headers.ts';
import { badSignatures } from '../support/forgeries/signatures.ts';
import { test as base } from '../support/graphql-world.ts';
import { post, type RawAnswer } from '../support/raw-http.ts';
import { readRows } from '../support/rows.ts';
import { answerTo } from '../support/tokens.ts';

const test = base.extend('forge', ({ server, world }) => createForge(server, world));

const kinds = { badSignatures, badHeaders, badSpellings, badClaims };
const forgeries: Forgeries = Object.assign({}, ...Object.values(kinds));
const count = Object.keys(forgeries).length;

const QUERY = JSON.stringify({ query: '{ viewer { id role } }' });

/** The two ways in which a token comes. */
const ways: Readonly<Record<string, (token: string) => Record<string, string>>> = {
  'as a bearer token': (token) => ({ authorization: `Bearer ${token}` }),
  'as a cookie': (token) => ({ cookie: `${SESSION_COOKIE}=${token}`, 'sec-fetch-site': 'same-origin' }),
};

async function forged(forge: Forge): Promise<[string, string][]> {
  return Promise.all(
    Object.entries(forgeries).map(async ([name, make]) => [name, await make(forge)] as [string, string]),
  );
}

function shown({ status, text, headers }: RawAnswer): string {
  return JSON.stringify([status, text, headers.get('content-type'), headers.get('set-cookie')]);
}

test.for(Object.entries(ways))(
  `of ${count} forged tokens none is accepted %s, and all are answered alike`,
  async ([, headersOf], { server, forge }) => {
    expect(await answerTo(server, forge.person.token)).toEqual([200, undefined, 'ORG_ADMIN']);
    expect(await answerTo(server, forge.account.token)).toEqual([200, undefined, 'SERVICE_ACCOUNT']);
    const right = await forge.sign(forge.header, forge.person.claims);
    expect(right).toBe(forge.person.token); // what a forgery differs in is what it says it does
    const tokens = await forged(forge);
    const alike = [...Map.groupBy(tokens, ([, token]) => token).values()].filter(({ length }) => length > 1);
    expect(alike.map((same) => same.map(([name]) => name))).toEqual([]);
    const nothing = shown(await post(`${server.url}/graphql`, QUERY));
    const answers = await Promise.all(
      tokens.map(async ([name, token]) => [name, shown(await post(`${server.url}/graphql`, QUERY, headersOf(token)))]),
    );
    expect(nothing).toMatch(/^\[401,.*UNAUTHENTICATED/);
    expect(answers).toEqual(tokens.map(([name]) => [name, nothing]));
    expect(await answerTo(server, forge.person.token)).toEqual([200, undefined, 'ORG_ADMIN']);
  },
);

test('docs/security.md says how many are tried', async () => {
  expect(await readFile('docs/security.md', 'utf8')).toContain(
    `forged tokens of Keyward's own kind: none of ${count} accepted`,
  );
});

test('nothing of a forged token is logged or kept', async ({ server, forge }) => {
  const tokens = await forged(forge);
  const earlier = server.logLines.length;
  for (const [, token] of tokens) await post(`${server.url}/graphql`, QUERY, { authorization: `Bearer ${token}` });
  const log = server.logLines.slice(earlier).join('\n') + JSON.stringify(await readRows(server.database, []));
  const parts = tokens.flatMap(([, token]) => parted(token)).filter((part) => part.length >= 16);
  expect(parts.length).toBeGreaterThan(count);
  expect(parts.filter((part) => log.includes(part))).toEqual([]);
});

import { expect, test } from 'vitest';
import { ensureRuntimeLogin } from '../../src/database/runtime-login.ts';
import { isLive, loginBody, lookAt, openSession, postLogin } from '../support/api-sessions.ts';
import { openFrailLink } from '../support/frail-link.ts';
import { bearer } from '../support/graphql-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { post, send } from '../support/raw-http.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { startServerOn } from '../support/test-installation.ts';

const QUERY = JSON.stringify({ query: '{ organizations(first: 1) { nodes { id } } }' });

test('without a database every answer is 503 and says when to try again, until it is back', async () => {
  await using database = await cloneTestDatabase();
  const runtimeUrl = await ensureRuntimeLogin(database.ownerUrl);
  await using link = await openFrailLink(runtimeUrl);
  await using server = await startServerOn(database, {
    database: { kind: 'EXTERNAL', ownerUrl: database.ownerUrl, runtimeUrl: link.url },
  });
  const world = await createKeyWorld(server);
  const headers = await bearer(server.url, world.people.providerAdmin);
  const newcomer = await bearer(server.url, world.people.providerSupport);
  const ask = (from = headers) => post(`${server.url}/graphql`, QUERY, from);
  const exportFleet = () => send(`${server.url}/audit/export?format=csv`, { headers });
  expect((await ask()).status).toBe(200);
  expect((await exportFleet()).status).toBe(200);
  const session = await openSession(server.url, world);
  expect(await isLive(server.url, session)).toBe(true);
  const login = await loginBody(world);

  link.leadTo(null);
  for (const answer of [await ask(), await exportFleet(), await ask(newcomer)]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.codes).toEqual(['INTERNAL']);
    expect(answer.text).not.toMatch(/database|connect|postgres|ECONN|test_/i);
  }
  for (const answer of [await postLogin(server.url, login), await lookAt(server.url, session)]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(answer.body)).toEqual({ code: 'INTERNAL', message: expect.stringContaining('Try again') });
  }

  link.leadTo(runtimeUrl);
  await expect.poll(async () => (await ask()).status).toBe(200);
  expect(await isLive(server.url, session)).toBe(true);
});

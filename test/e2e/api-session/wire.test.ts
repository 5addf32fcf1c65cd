import { describe, expect } from 'vitest';
import type { Tx } from '../../../src/database/database.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { lockOrganization, lockOrganizations } from '../../../src/organization/organization.repository.ts';
import { loginBody, openSession, PATH, postLogin, sendRaw } from '../../support/api-sessions.ts';
import { nextTimestamp } from '../../support/field-client.ts';
import { disableByPlatform, disableByProvider, endSubscription, exceedThreshold } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld } from '../../support/key-world.ts';
import type { SocketAnswer } from '../../support/raw-socket.ts';
import { test } from '../../support/sign-in-from.ts';
import { startServerOn } from '../../support/test-installation.ts';

const SESSION = '{"authType":"ADMIN_LOGIN","obfuscateApiKey":true,"passwordExpiryTime":-1,"passwordExpiryDays":0}';
const FAILED = '{"code":"AUTHENTICATION_FAILED","message":"AUTHENTICATION_FAILED"}';
const MALFORMED = '{"message":"Request body is invalid."}';
const JSON_TYPE = 'application/json; charset=utf-8';

function told({ status, headers, body }: SocketAnswer) {
  const cookies = headers.getSetCookie();
  return { status, type: headers.get('content-type'), cache: headers.get('cache-control'), cookies, body };
}
const failed = { status: 400, type: JSON_TYPE, cache: 'no-store', cookies: [], body: FAILED };

describe('POST', () => {
  test.for(['number', 'text'])(
    'with a time that is a %s opens a session, in the first cookie',
    async (form, { server, world }) => {
      const body = await loginBody(world);
      const { timestamp } = body;
      const answer = await postLogin(server.url, {
        ...body,
        timestamp: form === 'text' ? String(timestamp) : timestamp,
      });
      expect(told(answer)).toEqual({
        ...{ status: 200, type: JSON_TYPE, cache: 'no-store', body: SESSION },
        cookies: [expect.stringMatching(/^JSESSIONID=[\w-]{107}; Path=\/; Secure; HttpOnly$/)],
      });
    },
  );

  test('waits for nobody who renews the subscription, however long', async ({ server, world }) => {
    const locks = [lockOrganization, (tx: Tx, ref: OrganizationRef) => lockOrganizations(tx, [ref])];
    for (const lock of locks) {
      const answer = await server.services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
        await lock(tx, world.organization);
        return postLogin(server.url, await loginBody(world));
      });
      expect(answer.status).toBe(200);
    }
  });

  test('takes the user name however it is written, and a content type with a charset', async ({ server, world }) => {
    const { username, ...body } = await loginBody(world);
    const text = JSON.stringify({ ...body, username: ` ${String(username).toUpperCase()} `, more: {} });
    const headers = { 'content-type': 'application/json;charset=UTF-8' };
    expect((await sendRaw(server.url, { method: 'POST', headers, body: text })).status).toBe(200);
  });

  test('with anything wrong is told apart by nobody', async ({ server, world }) => {
    const right = await loginBody(world);
    const { apiKey } = right;
    const wrong = {
      'a name that nobody has': { ...right, username: 'nobody@keyward.test' },
      'no name': { ...right, username: '' },
      'a name that no database takes': { ...right, username: `${String(right.username)}\0` },
      'a wrong password': { ...right, password: 'wrong password' },
      'no password': { ...right, password: '' },
      'a wrong key': { ...right, apiKey: 'x'.repeat(12) },
      'no key': { ...right, apiKey: '' },
      // With every digit another: two times that are near to each other may pick the same letters.
      'the key of another time': { ...right, timestamp: Number(right.timestamp) + 111_111 },
      'another case': { ...right, apiKey: `${String(apiKey).toLowerCase()}x` },
      'everything wrong': { ...right, username: 'x', password: 'x', apiKey: 'x', timestamp: 0 },
      'a viewer, who may not have the key': await loginBody(world, { person: 'orgViewer' }),
      'staff of the provider': await loginBody(world, { person: 'providerAdmin' }),
      'the admin of another organization': await loginBody(world, { person: 'otherOrgAdmin' }),
      'staff of the platform': await loginBody(world, { person: 'platformAdmin' }),
      'a clock that is behind': await loginBody(world, { timestamp: Date.now() - 5 * 60_000 - 1000 }),
      'a clock that is ahead': await loginBody(world, { timestamp: Date.now() + 5 * 60_000 + 10_000 }),
    };
    const answers: Record<string, unknown> = {};
    for (const [name, body] of Object.entries(wrong)) answers[name] = told(await postLogin(server.url, body));
    expect(answers).toEqual(Object.fromEntries(Object.keys(wrong).map((name) => [name, failed])));
  });

  test('takes a clock that is almost five minutes off', async ({ server, world }) => {
    for (const offMs of [-290_000, 290_000]) {
      expect((await postLogin(server.url, await loginBody(world, { timestamp: Date.now() + offMs }))).status).toBe(200);
    }
  });

  test('is accepted once for each time and organization, by whomever', async ({ server, world }) => {
    const body = await loginBody(world);
    expect((await postLogin(server.url, body)).status).toBe(200);
    expect(told(await postLogin(server.url, body))).toEqual(failed);
    expect(told(await postLogin(server.url, { ...body, timestamp: String(body.timestamp) }))).toEqual(failed);
  });

  test('of two at once with the same time lets one in', async ({ server, world }) => {
    const body = await loginBody(world);
    const answers = await Promise.all([1, 2, 3].map(() => postLogin(server.url, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  test('without a key, and after another one was made, fails like any other', async ({ server, world }) => {
    const old = await loginBody(world);
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
    expect(told(await postLogin(server.url, old))).toEqual(failed);
    const current = await loginBody(world);
    await commands.DELETE(world.as(world.orgAdmin), commandInput(world.organization));
    expect(told(await postLogin(server.url, current))).toEqual(failed);
  });

  const disabled: [string, (world: KeyWorld) => Promise<void>, string][] = [
    ['the provider', disableByProvider, 'The key is disabled by your service provider. Ask them to enable it.'],
    ['the platform', disableByPlatform, 'The key is disabled by the platform. Ask the platform to enable it.'],
    [
      'the call threshold',
      exceedThreshold,
      'The key is disabled because the call threshold was exceeded. Ask your service provider to enable it.',
    ],
  ];
  test.for(disabled)(
    'with a key that %s disabled says so to whoever proves everything',
    async ([, disable, message], { server, world }) => {
      await disable(world);
      const body = await loginBody(world);
      for (const wrong of [
        { password: 'wrong password' },
        { apiKey: 'x'.repeat(12) },
        { timestamp: nextTimestamp() },
      ]) {
        expect(told(await postLogin(server.url, { ...body, ...wrong }))).toEqual(failed);
      }
      const refused = { ...failed, status: 403, body: JSON.stringify({ code: 'API_KEY_DISABLED', message }) };
      expect(told(await postLogin(server.url, body))).toEqual(refused);
      expect(told(await postLogin(server.url, body))).toEqual(failed); // it was accepted, if in vain
    },
  );

  test('without a subscription is NOT_SUBSCRIBED to whoever proves everything', async ({ server, world }) => {
    await endSubscription(world);
    const body = await loginBody(world);
    expect(told(await postLogin(server.url, { ...body, password: 'wrong password' }))).toEqual(failed);
    const answer = await postLogin(server.url, body);
    expect({ ...told(answer), body: JSON.parse(answer.body) }).toEqual({
      ...failed,
      status: 403,
      body: { code: 'NOT_SUBSCRIBED', message: expect.stringMatching(/^The API subscription ended at .*Z\. Renew it/) },
    });
  });

  test('is refused when the password is known to somebody else', async ({ server, world }) => {
    const { member } = world.people.orgAdmin;
    await server.database.query('update staff_member set password_must_change = true where id = $1', [member.id]);
    expect(told(await postLogin(server.url, await loginBody(world)))).toEqual(failed);
  });

  const malformed: [string, string][] = [
    ['nothing', ''],
    ['no JSON', '{"apiKey": "x", '],
    ['no object', '["apiKey"]'],
    ['null', 'null'],
    ['no fields', '{}'],
    ['a field too few', '{"apiKey":"x","username":"x","password":"x"}'],
    ['fields of other kinds', '{"apiKey":1,"username":["x"],"password":{"$ne":null},"timestamp":"now"}'],
    ['a time that is none', '{"apiKey":"x","username":"x","password":"x","timestamp":"yesterday"}'],
  ];
  test.for(malformed)('of %s is malformed', async ([, body], { server }) => {
    const answer = await sendRaw(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(told(answer)).toEqual({ ...failed, body: MALFORMED });
  });

  const types = ['application/x-www-form-urlencoded', 'text/plain', 'application/jsonp', 'text/json', ';;', undefined];
  test.for(types)('with the content type %s is 415', async (type, { server, world }) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const answer = await sendRaw(server.url, { method: 'POST', headers, body: JSON.stringify(await loginBody(world)) });
    expect({ ...told(answer), body: JSON.parse(answer.body) }).toEqual({
      ...failed,
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the body as application/json.' },
    });
  });

  test('of more than any login is 413', async ({ server }) => {
    const body = JSON.stringify({ apiKey: 'x'.repeat(20_000), username: 'x', password: 'x', timestamp: 1 });
    const answer = await sendRaw(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(413);
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['code', 'message']);
  });
});

const notValid = {
  ...{ status: 401, type: JSON_TYPE, cache: 'no-store', cookies: [] },
  body: '{"code":"SESSION_NOT_VALID","message":"The session does not exist or has ended. Log in again."}',
};
const alive = { ...notValid, status: 200, body: SESSION };

/** Every form in which clients send their session, with the body that some send along. */
const forms: [string, (id: string) => { headers: Record<string, string>; body?: string }][] = [
  ['the cookie', (id) => ({ headers: { Cookie: `JSESSIONID=${id}` } })],
  ['the header', (id) => ({ headers: { JSessionID: id } })],
  ['both', (id) => ({ headers: { JSessionID: id, Cookie: `JSESSIONID=${id};` } })],
  [
    'the cookie and an empty object',
    (id) => ({ headers: { Cookie: `JSESSIONID=${id}`, 'Content-Type': 'application/json' }, body: '{}' }),
  ],
  [
    'the cookie and a content type without content',
    (id) => ({ headers: { Cookie: `JSESSIONID=${id}`, 'Content-Type': 'application/json', 'Content-Length': '0' } }),
  ],
  ['the header and a body that is nothing', (id) => ({ headers: { JSessionID: id }, body: 'x=y' })],
];

describe('GET', () => {
  test.for(forms)('with %s says that the session lives', async ([, form], { server, world }) => {
    const id = await openSession(server.url, world);
    expect(told(await sendRaw(server.url, { method: 'GET', ...form(id) }))).toEqual(alive);
  });

  test('of no session, or of one that never was, is SESSION_NOT_VALID', async ({ server, world }) => {
    const id = await openSession(server.url, world);
    const others = ['', 'x', id.toLowerCase(), `${id.slice(0, -8)}AAAAAAAA`, 'A'.repeat(107), `${id}%00`];
    for (const other of others) {
      const headers = { Cookie: `JSESSIONID=${other}` };
      expect(told(await sendRaw(server.url, { method: 'GET', headers })), other).toEqual(notValid);
    }
    expect(told(await sendRaw(server.url, { method: 'GET' }))).toEqual(notValid);
    expect(told(await sendRaw(server.url, { method: 'GET', headers: { JSessionID: id } }))).toEqual(alive);
  });

  test('of a living session under an expired subscription says that it lives', async ({ server, world }) => {
    const id = await openSession(server.url, world);
    await endSubscription(world);
    expect(told(await sendRaw(server.url, { method: 'GET', headers: { JSessionID: id } }))).toEqual(alive);
  });
});

describe('DELETE', () => {
  const places = [PATH, '/authenticatedSession'];
  test.for(places.flatMap((path) => forms.map(([name, form]) => ({ path, name, form }))))(
    'at $path with $name ends the session',
    async ({ path, form }, { server, world }) => {
      const [id, other] = [await openSession(server.url, world), await openSession(server.url, world)];
      const { status, body } = await sendRaw(server.url, { method: 'DELETE', path, ...form(id) });
      expect({ status, body }).toEqual({ status: 204, body: '' });
      expect(told(await sendRaw(server.url, { method: 'GET', ...form(id) }))).toEqual(notValid);
      expect(told(await sendRaw(server.url, { method: 'GET', ...form(other) }))).toEqual(alive);
    },
  );

  test('of no session is 204 as well', async ({ server }) => {
    for (const headers of [{}, { JSessionID: 'x' }]) {
      expect((await sendRaw(server.url, { method: 'DELETE', headers: { ...headers } })).status).toBe(204);
    }
  });
});

test('without the key encryption key nobody logs in, whoever they are, and sessions go on', async ({
  server,
  world,
}) => {
  const id = await openSession(server.url, world);
  await using other = await startServerOn(server.database, { ...server.config, keyEncryptionKey: null });
  const right = await loginBody(world);
  for (const body of [right, { ...right, username: 'nobody@keyward.test' }, { ...right, password: 'wrong password' }]) {
    const { status, body: text } = await postLogin(other.url, body);
    expect({ status, body: JSON.parse(text) }).toMatchObject({ status: 503, body: { code: 'SECRETS_UNAVAILABLE' } });
  }
  expect((await sendRaw(other.url, { method: 'GET', headers: { JSessionID: id } })).status).toBe(200);
});

test('every login is a session of its own', async ({ server, world }) => {
  const ids = await Promise.all([1, 2].map(() => openSession(server.url, world)));
  expect(new Set(ids).size).toBe(2);
});

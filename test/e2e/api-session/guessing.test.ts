import { describe, expect } from 'vitest';
import { type LoginBody, loginBody, lookAt, openSession, postLogin, sendRaw } from '../../support/api-sessions.ts';
import { createStaff } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import type { SocketAnswer } from '../../support/raw-socket.ts';
import { auditOf } from '../../support/rows.ts';
import { anyAddress, signIn, test } from '../../support/sign-in-from.ts';

interface TooMany {
  readonly message: string;
  readonly 'Retry-After': string;
}

/** The answer that tells a client to wait, which it may read from the header or from the body. */
function wait(answer: SocketAnswer) {
  const body = JSON.parse(answer.body) as TooMany;
  const header = answer.headers.get('retry-after');
  expect(Object.keys(body)).toEqual(['message', 'Retry-After']);
  expect(body['Retry-After']).toBe(`${header} seconds`);
  expect(header).toMatch(/^[1-9]\d*$/);
  return { status: answer.status, message: body.message, seconds: Number(header) };
}

const wrong = (body: LoginBody, more: Partial<LoginBody>): LoginBody => ({ ...body, ...more });

/** One after the other. A name that nobody has is another one every time: logins of one name are counted by the second. */
async function failTimes(url: string, guesses: readonly LoginBody[], addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const [index, body] of guesses.entries()) statuses.push((await postLogin(url, body, addresses[index])).status);
  return statuses;
}

async function bodies(world: KeyWorld, count: number, more: Partial<LoginBody>): Promise<LoginBody[]> {
  const right = await Promise.all(Array.from({ length: count }, () => loginBody(world)));
  return right.map((body, index) => {
    const spoilt = wrong(body, more);
    return more.username === undefined ? spoilt : { ...spoilt, username: `${index}.${String(more.username)}` };
  });
}

const same = (address: string, count: number) => Array<string>(count).fill(address);

describe('after five failures in a minute', () => {
  test('an address is locked out, whatever else is right', async ({ server, world }) => {
    const address = anyAddress();
    const guesses = await bodies(world, 5, { username: 'nobody@keyward.test' });
    expect(await failTimes(server.url, guesses, same(address, 5))).toEqual(Array(5).fill(400));
    const { seconds, ...told } = wait(await postLogin(server.url, await loginBody(world), address));
    expect(told).toEqual({ status: 429, message: 'Rate Limit (5/MINUTE) exceeded' });
    expect(seconds).toBeGreaterThan(40);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
  });

  test('a name is, for every address that had a part in it; guesses at the console count as well', async ({
    server,
    world,
  }) => {
    const addresses = Array.from({ length: 5 }, anyAddress);
    const { username } = world.people.orgAdmin;
    const guesses = await bodies(world, 3, { password: 'wrong password' });
    expect(await failTimes(server.url, guesses, addresses)).toEqual([400, 400, 400]);
    for (const address of addresses.slice(3)) {
      expect((await signIn(server.url, { username, password: 'wrong password' }, address)).status).toBe(401);
    }
    for (const address of addresses) {
      expect(wait(await postLogin(server.url, await loginBody(world), address)).message).toContain('5/MINUTE');
    }
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
  });

  test('whoever has the password is at the end of guessing keys, from wherever, and is not told so', async ({
    server,
    world,
  }) => {
    const statuses: number[] = [];
    for (const body of await bodies(world, 5, { apiKey: 'x'.repeat(12) })) {
      statuses.push((await postLogin(server.url, body)).status);
    }
    const answer = await postLogin(server.url, await loginBody(world));
    expect([...statuses, answer.status]).toEqual(Array(6).fill(400));
    const other = await createStaff(server.services, 'ORG_ADMIN', world.organization);
    const { username, password } = other;
    expect((await postLogin(server.url, wrong(await loginBody(world), { username, password }))).status).toBe(200);
    await server.database.query('update rate_limit set expire = expire - 60000');
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
  });

  test('a burst of keys from everywhere is no more than five guesses', async ({ server, world }) => {
    const rows = await auditOf(server.database, async () => {
      const guesses = await bodies(world, 20, { apiKey: 'x'.repeat(12) });
      const right = await loginBody(world);
      const burst = await Promise.all([...guesses, right].map((body) => postLogin(server.url, body)));
      expect(new Set(burst.slice(0, -1).map(({ status }) => status))).toEqual(new Set([400]));
      for (const body of await bodies(world, 3, {})) expect((await postLogin(server.url, body)).status).toBe(400);
    });
    const notes = rows.map(({ note }) => note);
    expect(notes.filter((note) => note === 'TOO_MANY_WRONG_KEYS').length).toBeGreaterThanOrEqual(3);
  });

  test('wrong passwords from everywhere lock nobody else out', async ({ server, world }) => {
    for (const body of await bodies(world, 7, { password: 'wrong password', apiKey: 'x'.repeat(12) })) {
      expect((await postLogin(server.url, body)).status).toBe(400);
    }
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
  });
});

describe('too many', () => {
  test('logins of a name from an address are told to wait for a second, and then get in', async ({ server, world }) => {
    const address = anyAddress();
    const answers = await Promise.all((await bodies(world, 6, {})).map((body) => postLogin(server.url, body, address)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6 - refused.length);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    for (const answer of refused) {
      expect(wait(answer)).toEqual({ status: 429, message: 'Rate Limit (2/SECOND) exceeded', seconds: 1 });
    }
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
    const again = async () => (await postLogin(server.url, await loginBody(world), address)).status;
    await expect.poll(again, { timeout: 5000, interval: 200 }).toBe(200);
  });

  test('looks are counted for each session, apart from logins', async ({ server, world }) => {
    const [id, other] = [await openSession(server.url, world), await openSession(server.url, world)];
    const looks = await Promise.all(Array.from({ length: 120 }, () => lookAt(server.url, id)));
    const refused = looks.filter(({ status }) => status === 429);
    expect(looks.filter(({ status }) => status === 200)).toHaveLength(120 - refused.length);
    for (const answer of refused) expect(wait(answer).message).toBe('Rate Limit (50/SECOND) exceeded');
    expect((await lookAt(server.url, other)).status).toBe(200);
    expect((await postLogin(server.url, await loginBody(world))).status).toBe(200);
  });

  test('looks without a session are counted for each address', async ({ server }) => {
    const address = anyAddress();
    const looks = await Promise.all(
      Array.from({ length: 120 }, () => sendRaw(server.url, { method: 'GET', address, headers: { JSessionID: 'x' } })),
    );
    expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect((await sendRaw(server.url, { method: 'GET' })).status).toBe(401);
  });
});

describe('a login that fails', () => {
  test('takes as long for a name that nobody has, a wrong password, a wrong key and no key', {
    timeout: 120_000,
  }, async ({ server, world }) => {
    const right = await loginBody(world);
    const kinds = {
      unknown: wrong(right, { username: 'nobody@keyward.test' }),
      password: wrong(right, { password: 'wrong password' }),
      key: wrong(right, { apiKey: 'x'.repeat(12) }),
      both: wrong(right, { password: 'wrong password', apiKey: 'x'.repeat(12) }),
    };
    const shortestMs = new Map(Object.keys(kinds).map((kind) => [kind, Number.POSITIVE_INFINITY]));
    const measure = async () => {
      for (const [kind, body] of Object.entries(kinds)) {
        const startedAt = performance.now();
        await postLogin(server.url, body);
        shortestMs.set(kind, Math.min(shortestMs.get(kind) ?? 0, performance.now() - startedAt));
      }
    };
    // What else the machine does only makes a login longer: the shortest come closer with every sample.
    const ratio = async () => {
      for (let sample = 0; sample < 10; sample++) await measure();
      return Math.max(...shortestMs.values()) / Math.min(...shortestMs.values());
    };
    await expect.poll(ratio, { timeout: 100_000, interval: 1 }).toBeLessThan(1.2);
  });
});

describe('the audit trail', () => {
  const rowsOf = async (server: Parameters<typeof auditOf>[0], work: () => Promise<unknown>) =>
    (await auditOf(server, work)).filter(({ action }) => action.startsWith('api_session.'));

  test('has one row for each attempt, in the organization, with the reason that the client is not told', async ({
    server,
    world,
  }) => {
    const { member } = world.people.orgAdmin;
    const rows = await rowsOf(server.database, async () => {
      const right = await loginBody(world);
      await postLogin(server.url, wrong(right, { password: 'wrong password' }));
      await postLogin(server.url, wrong(right, { apiKey: 'x'.repeat(12) }));
      await postLogin(server.url, right);
      await postLogin(server.url, right);
      await postLogin(server.url, await loginBody(world, { timestamp: Date.now() - 3_600_000 }));
    });
    const shared = {
      action: 'api_session.open',
      actor_id: member.id,
      root_provider_id: world.organization.rootProviderId,
      organization_id: world.organization.organizationId,
      target: world.organization.organizationId,
    };
    expect(rows).toMatchObject([
      { ...shared, result: 'AUTHENTICATION_FAILED', note: 'WRONG_PASSWORD' },
      { ...shared, result: 'AUTHENTICATION_FAILED', note: 'WRONG_KEY' },
      { ...shared, result: 'OK', note: null, after: { sessionId: expect.any(String) } },
      { ...shared, result: 'AUTHENTICATION_FAILED', note: 'REPLAYED' },
      { ...shared, result: 'AUTHENTICATION_FAILED', note: 'CLOCK_SKEW' },
    ]);
  });

  test('has one of the platform for a name that nobody has, which is kept nowhere, and one for each that a lockout refuses', async ({
    server,
    world,
  }) => {
    const typed = 'hunter2-typed-into-the-wrong-field';
    const address = anyAddress();
    const rows = await rowsOf(server.database, async () => {
      const guesses = await bodies(world, 7, { username: typed });
      await failTimes(server.url, guesses, same(address, 7));
    });
    expect(
      rows.map(({ actor_name, organization_id, result, note }) => [actor_name, organization_id, result, note]),
    ).toEqual([
      ...Array(5).fill(['Unknown', null, 'AUTHENTICATION_FAILED', null]),
      ...Array(2).fill(['Unknown', null, 'RATE_LIMITED', null]),
    ]);
    expect(server.logLines.join()).not.toContain(typed);
  });

  test('has the end of a session, once', async ({ server, world }) => {
    const id = await openSession(server.url, world);
    const rows = await rowsOf(server.database, async () => {
      for (let times = 0; times < 2; times++)
        await sendRaw(server.url, { method: 'DELETE', headers: { JSessionID: id } });
    });
    expect(rows).toMatchObject([
      { action: 'api_session.close', result: 'OK', actor_id: world.people.orgAdmin.member.id, note: null },
    ]);
  });
});

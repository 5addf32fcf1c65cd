import { pino } from 'pino';
import { describe, expect } from 'vitest';
import { startServer } from '../../src/server.ts';
import { createStaff } from '../support/fixtures.ts';
import type { KeyWorld } from '../support/key-world.ts';
import type { RawAnswer } from '../support/raw-http.ts';
import { auditOf } from '../support/rows.ts';
import { anyAddress, type Credentials, signIn, test } from '../support/sign-in-from.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';

const WRONG = 'not the right password';

/** Somebody of their own, whom no other test fails at. */
async function somebody({ services }: TestServer, world: KeyWorld): Promise<Credentials> {
  const { username, password } = await createStaff(services, 'ORG_VIEWER', world.organization);
  return { username, password };
}

async function failTimes(server: TestServer, count: number, username: string, address: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let done = 0; done < count; done++) {
    statuses.push((await signIn(server.url, { username, password: WRONG }, address)).status);
  }
  return statuses;
}

function refusal({ status, headers, text }: RawAnswer) {
  const { code, message } = JSON.parse(text) as { code: string; message: string };
  return { status, code, message, retryAfterSeconds: Number(headers.get('retry-after')) };
}

const LOCKED_OUT = { status: 429, code: 'RATE_LIMITED', message: expect.stringContaining('Wait a minute') };

describe('after five failures in a minute', () => {
  test('an address is locked out, the right password with it; everywhere else it gets in', async ({
    server,
    world,
  }) => {
    const person = await somebody(server, world);
    const address = anyAddress();
    expect(await failTimes(server, 5, person.username, address)).toEqual(Array(5).fill(401));
    const { retryAfterSeconds, ...refused } = refusal(await signIn(server.url, person, address));
    expect(refused).toEqual(LOCKED_OUT);
    expect(retryAfterSeconds).toBeGreaterThan(50);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect((await signIn(server.url, person)).status).toBe(200);
    const other = await somebody(server, world);
    expect((await signIn(server.url, other, address)).status).toBe(429);
    for (const path of ['/auth/session', '/auth/password'] as const) {
      const body = { ...person, currentPassword: person.password, newPassword: 'a pass phrase that is new' };
      expect((await signIn(server.url, body, address, path)).status).toBe(429);
    }
  });

  test('a name is locked out for every address that had a part in it, and for no other', async ({ server, world }) => {
    const person = await somebody(server, world);
    const addresses = Array.from({ length: 6 }, anyAddress);
    for (const address of addresses) expect(await failTimes(server, 1, person.username, address)).toEqual([401]);
    for (const address of addresses) {
      expect(refusal(await signIn(server.url, person, address))).toMatchObject(LOCKED_OUT);
    }
    for (let round = 0; round < 3; round++) expect((await signIn(server.url, person)).status).toBe(200);
    const other = await somebody(server, world);
    expect((await signIn(server.url, other, addresses[0])).status).toBe(200);
  });

  test('all of a network of IPv6 addresses is locked out: whoever has one of them has them all', async ({
    server,
    world,
  }) => {
    const person = await somebody(server, world);
    const network = `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}:7`;
    for (let host = 1; host <= 5; host++) await failTimes(server, 1, person.username, `${network}::${host}`);
    expect((await signIn(server.url, person, `${network}::6`)).status).toBe(429);
    expect((await signIn(server.url, person, `${network}1::6`)).status).toBe(200);
  });

  test('a name that nobody has answers byte for byte as one that somebody has', async ({ server, world }) => {
    const person = await somebody(server, world);
    const answersFor = async (username: string) => {
      const address = anyAddress();
      const answers: unknown[] = [];
      for (let attempt = 0; attempt < 7; attempt++) {
        const { status, headers, text } = await signIn(server.url, { username, password: WRONG }, address);
        const own = ['x-request-id', 'date', 'retry-after', 'keep-alive'];
        answers.push([status, text, [...headers].filter(([name]) => !own.includes(name)), headers.has('retry-after')]);
      }
      return answers;
    };
    expect(await answersFor('nobody.at.all@keyward.test')).toEqual(await answersFor(person.username));
  });

  test('the lockout holds on every server of the database, and after a restart', async ({ server, world }) => {
    const person = await somebody(server, world);
    const address = anyAddress();
    await failTimes(server, 5, person.username, address);
    const other = await startServer(server.config, pino({ level: 'silent' }));
    try {
      const url = `http://127.0.0.1:${other.port}`;
      expect(refusal(await signIn(url, person, address))).toMatchObject(LOCKED_OUT);
      expect((await signIn(url, person)).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  test('it is over with the minute', async () => {
    await using server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    const address = anyAddress();
    await failTimes(server, 5, 'nobody@keyward.test', address);
    expect(await failTimes(server, 1, 'nobody@keyward.test', address)).toEqual([429]);
    const before = Date.now() + 60_000;
    const rows = await server.database.query<{ expire: string }>('select expire from rate_limit');
    expect(rows.filter(({ expire }) => Number(expire) > before)).toEqual([]);
    await server.database.query('update rate_limit set expire = expire - 60000');
    expect(await failTimes(server, 1, 'nobody@keyward.test', address)).toEqual([401]);
  });
});

describe('a burst', () => {
  test('of 200 guesses is five verified ones and one row of the audit trail for all the others', async ({
    server,
    world,
  }) => {
    const person = await somebody(server, world);
    const address = anyAddress();
    const statuses: number[] = [];
    const rows = await auditOf(server.database, async () => {
      const guesses = Array.from({ length: 200 }, async (_, guess) => {
        const { status } = await signIn(server.url, { ...person, password: `guess number ${guess}` }, address);
        statuses.push(status);
      });
      await Promise.all(guesses);
    });
    expect(statuses.sort()).toEqual([...Array(5).fill(401), ...Array(195).fill(429)]);
    const results = rows.filter(({ ip_address }) => ip_address === address).map(({ result }) => result);
    expect(results.sort()).toEqual([...Array(5).fill('AUTHENTICATION_FAILED'), 'RATE_LIMITED']);
  });

  test('at several servers at once is five verified guesses as well, and right passwords get in at each', async ({
    server,
    world,
  }) => {
    const [person, right] = [await somebody(server, world), await somebody(server, world)];
    const other = await startServer(server.config, pino({ level: 'silent' }));
    try {
      const urls = [server.url, `http://127.0.0.1:${other.port}`];
      const atBoth = (count: number, credentials: Credentials, address: string) =>
        Promise.all(
          Array.from({ length: count }, (_, index) => signIn(urls[index % 2] ?? '', credentials, address)),
        ).then((answers) => answers.map(({ status }) => status).sort());
      const guesses = await atBoth(40, { ...person, password: WRONG }, anyAddress());
      expect(guesses).toEqual([...Array(5).fill(401), ...Array(35).fill(429)]);
      const address = anyAddress();
      await failTimes(server, 4, 'nobody@keyward.test', address);
      expect(await atBoth(12, right, address)).toEqual(Array(12).fill(200));
    } finally {
      await other.stop();
    }
  });

  test('of right passwords is let in, all of it, also after four failures', async ({ server, world }) => {
    const people = await Promise.all(Array.from({ length: 4 }, () => somebody(server, world)));
    const address = anyAddress();
    await failTimes(server, 4, 'nobody@keyward.test', address);
    const attempts = Array.from({ length: 10 }, () => people).flat();
    const answers = await Promise.all(attempts.map((person) => signIn(server.url, person, address)));
    expect(answers.map(({ status }) => status)).toEqual(attempts.map(() => 200));
  });

  test('at names without end does not fill the audit trail', async ({ server }) => {
    const address = anyAddress();
    const rows = await auditOf(server.database, async () => {
      for (let round = 0; round < 10; round++) {
        const names = Array.from({ length: 10 }, (_, index) => `flood.${round}.${index}@keyward.test`);
        await Promise.all(names.map((username) => signIn(server.url, { username, password: WRONG }, address)));
      }
    });
    const results = rows.filter(({ ip_address }) => ip_address === address).map(({ result }) => result);
    expect(results.filter((result) => result === 'AUTHENTICATION_FAILED')).toHaveLength(5);
    expect(results.length).toBeLessThanOrEqual(25);
  });
});

describe('a sign-in', () => {
  test("pardons what its owner mistyped, and nobody else's failures", async ({ server, world }) => {
    const [person, other] = [await somebody(server, world), await somebody(server, world)];
    const address = anyAddress();
    for (let round = 0; round < 3; round++) {
      expect(await failTimes(server, 4, person.username, address)).toEqual(Array(4).fill(401));
      expect((await signIn(server.url, person, address)).status).toBe(200);
    }
    expect(await failTimes(server, 4, other.username, address)).toEqual(Array(4).fill(401));
    expect((await signIn(server.url, person, address)).status).toBe(200);
    expect(await failTimes(server, 2, other.username, address)).toEqual([401, 429]);
  });
});

describe('where a request came from', () => {
  test('is told by nobody but a proxy that is trusted', async () => {
    await using server = await startTestServer();
    const rows = await auditOf(server.database, async () => {
      for (let attempt = 0; attempt < 5; attempt++) await failTimes(server, 1, 'nobody@keyward.test', anyAddress());
    });
    expect(rows.map(({ ip_address }) => ip_address)).toEqual(Array(5).fill('127.0.0.1'));
    expect(await failTimes(server, 1, 'nobody@keyward.test', anyAddress())).toEqual([429]);
  });

  test('is what a trusted proxy adds itself, and not what its client says', async ({ server }) => {
    const address = anyAddress();
    const rows = await auditOf(server.database, () => failTimes(server, 1, 'x@keyward.test', `192.0.2.1, ${address}`));
    expect(rows.map(({ ip_address }) => ip_address)).toEqual([address]);
  });
});

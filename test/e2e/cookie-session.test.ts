import { describe, expect } from 'vitest';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import { createStaff } from '../support/fixtures.ts';
import { bearer, clientWith } from '../support/graphql-client.ts';
import type { RawAnswer } from '../support/raw-http.ts';
import { send } from '../support/raw-http.ts';
import { auditOf } from '../support/rows.ts';
import { anyAddress, type Credentials, signIn, test } from '../support/sign-in-from.ts';
import { startTestServer } from '../support/test-installation.ts';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

function openSession(url: string, person: Credentials, headers: Record<string, string> = SAME_ORIGIN) {
  return signIn(url, person, anyAddress(), '/auth/session', headers);
}

function cookieOf({ headers }: RawAnswer): string {
  return /^keyward_session=[^;]*/.exec(headers.get('set-cookie') ?? '')?.[0] ?? '';
}

function closeSession(url: string, headers: Record<string, string>): Promise<RawAnswer> {
  return send(`${url}/auth/session`, { method: 'DELETE', headers });
}

async function roleOf(url: string, headers: Record<string, string>) {
  const answer = await clientWith(url, headers).query('{ viewer { role } }');
  return answer.errors[0]?.extensions.code ?? answer.at('viewer.role');
}

const END = { timeout: 1000, interval: 20 };

describe('a browser that signs in', () => {
  test('gets a cookie for twelve hours that no script can read and no other site can send', async ({
    server,
    world,
  }) => {
    const answer = await openSession(server.url, world.people.orgAdmin);
    expect([answer.status, answer.text]).toEqual([204, '']);
    const attributes = (answer.headers.get('set-cookie') ?? '').split('; ').slice(1).sort();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
    const cookie = cookieOf(answer);
    expect(await roleOf(server.url, { cookie, ...SAME_ORIGIN })).toBe('ORG_ADMIN');
    expect(await roleOf(server.url, { cookie, 'sec-fetch-site': 'cross-site' })).toBe('UNAUTHENTICATED');
  });

  test('gets it for https only where the installation is reached by https', async () => {
    await using server = await startTestServer({ publicUrl: 'https://keyward.test' });
    const person = await createStaff(server.services, 'PLATFORM_ADMIN', 'PLATFORM');
    const answer = await openSession(server.url, person);
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  test('with a wrong password gets none, and the same answer as at /auth/login', async ({ server, world }) => {
    const wrong = { username: world.people.orgAdmin.username, password: 'not the password' };
    const answer = await openSession(server.url, wrong);
    const login = await signIn(server.url, wrong);
    expect([answer.status, answer.text]).toEqual([login.status, login.text]);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test.for([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('is not signed in or out by a page of another site: %j', async (headers, { server, world }) => {
    const answer = await openSession(server.url, world.people.orgAdmin, headers);
    expect([answer.status, ...answer.codes]).toEqual([403, 'FORBIDDEN']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const cookie = cookieOf(await openSession(server.url, world.people.orgAdmin));
    const closing = await closeSession(server.url, { cookie, ...headers });
    expect(closing.status).toBe(403);
    expect(closing.headers.get('set-cookie')).toBeNull();
    expect(await roleOf(server.url, { cookie, ...SAME_ORIGIN })).toBe('ORG_ADMIN');
  });

  test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'is not signed in by what a form can send: %j',
    async (type, { server, world }) => {
      const answer = await openSession(server.url, world.people.orgAdmin, { 'content-type': type });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.codes).toEqual(['VALIDATION_FAILED']);
      expect(answer.headers.get('set-cookie')).toBeNull();
    },
  );
});

describe('signing out', () => {
  test('ends that session, its cookie and its row, and no other; and is one audit row', async ({ server, world }) => {
    const { member } = world.people.orgAdmin;
    const [cookie, other] = [
      cookieOf(await openSession(server.url, world.people.orgAdmin)),
      cookieOf(await openSession(server.url, world.people.orgAdmin)),
    ];
    expect(await roleOf(server.url, { cookie, ...SAME_ORIGIN })).toBe('ORG_ADMIN');
    const rows = await auditOf(server.database, async () => {
      const answer = await closeSession(server.url, { cookie, ...SAME_ORIGIN });
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(answer.headers.get('set-cookie')).toMatch(/^keyward_session=; .*Expires=Thu, 01 Jan 1970/);
      // Gone already, or never there.
      for (const headers of [{ cookie }, { cookie: `${SESSION_COOKIE}=nonsense` }, {}]) {
        expect((await closeSession(server.url, { ...headers, ...SAME_ORIGIN })).status).toBe(204);
      }
    });
    expect(rows).toMatchObject([
      { action: 'auth.logout', actor_id: member.id, result: 'OK', organization_id: world.organization.organizationId },
    ]);
    await expect.poll(() => roleOf(server.url, { cookie, ...SAME_ORIGIN }), END).toBe('UNAUTHENTICATED');
    expect(await roleOf(server.url, { cookie: other, ...SAME_ORIGIN })).toBe('ORG_ADMIN');
    expect(
      await server.database.query('select from staff_session where staff_member_id = $1', [member.id]),
    ).toHaveLength(1);
  });

  test('works with a bearer token as well, which then is dead', async ({ server, world }) => {
    const headers = await bearer(server.url, world.people.orgAdmin);
    expect(await roleOf(server.url, headers)).toBe('ORG_ADMIN');
    expect((await closeSession(server.url, headers)).status).toBe(204);
    await expect.poll(() => roleOf(server.url, headers), END).toBe('UNAUTHENTICATED');
  });
});

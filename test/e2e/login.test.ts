import { describe, expect } from 'vitest';
import { createStaff } from '../support/fixtures.ts';
import { clientWith } from '../support/graphql-client.ts';
import { auditOf, readRows } from '../support/rows.ts';
import { signIn, test } from '../support/sign-in-from.ts';

const REFUSED = { code: 'AUTHENTICATION_FAILED' };

describe('the right user name and password', () => {
  test('give a bearer token for a quarter of an hour, that nobody caches', async ({ server, world }) => {
    const { username, password } = world.people.orgAdmin;
    const { status, headers, text } = await signIn(server.url, { username, password });
    const body: unknown = JSON.parse(text);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    const { accessToken } = body as { accessToken: string };
    const answer = await clientWith(server.url, { authorization: `Bearer ${accessToken}` }).query(
      '{ viewer { displayName role permissions } }',
    );
    expect(answer.at('viewer.role')).toBe('ORG_ADMIN');
    expect(answer.at('viewer.displayName')).toBe(world.orgAdmin.displayName);
    expect(answer.at('viewer.permissions')).toEqual([...world.orgAdmin.permissions]);
  });

  test("do so whatever the case of the name and the blanks around it, and never for another's password", async ({
    server,
    world,
  }) => {
    const { username, password } = world.people.orgAdmin;
    const statusOf = async (name: string, typed: string) =>
      (await signIn(server.url, { username: name, password: typed })).status;
    expect(await statusOf(` ${username.toUpperCase()} `, password)).toBe(200);
    const other = await createStaff(server.services, 'ORG_ADMIN', world.organization, 'another pass phrase');
    expect(await statusOf(username, other.password)).toBe(401);
    expect(await statusOf(other.username, other.password)).toBe(200);
    for (const changed of [password.toUpperCase(), ` ${password}`, `${password} `, password.slice(0, -1)]) {
      expect(await statusOf(username, changed)).toBe(401);
    }
  });
});

describe('anything else', () => {
  test('is 401 with the same body and the same headers', async ({ server, world }) => {
    const { username, password } = world.people.orgAdmin;
    const gone = await createStaff(server.services, 'ORG_ADMIN', world.organization);
    await server.database.query('update staff_member set deactivated_at = now() where id = $1', [gone.member.id]);
    const bodies = [
      { username, password: 'wrong' },
      { username: 'nobody@keyward.test', password },
      { username: gone.username, password },
      { username, password: '' },
      { username: '', password: '' },
      { username: '', password },
      { username },
      { password },
      {},
      { username: [username], password: [password] },
      { username: { $ne: null }, password: { $ne: null } },
      { username: 5, password: true },
      { username, password: null },
      { username: `${username}\0`, password },
      { username: `${username}'--`, password },
      { username: '%', password },
      { username: `\ud800${username}`, password },
      { username: 'x'.repeat(100_000), password: 'y'.repeat(100_000) },
      { username, password: `${password}${'\0'.repeat(2000)}` },
      [],
      null,
      'text',
    ];
    const answers = new Set<string>();
    for (const body of bodies) {
      const { status, text, headers } = await signIn(server.url, body);
      answers.add(
        JSON.stringify([status, JSON.parse(text), headers.get('cache-control'), headers.get('content-type')]),
      );
    }
    expect([...answers].map((answer) => JSON.parse(answer))).toEqual([
      [401, REFUSED, 'no-store', 'application/json; charset=utf-8'],
    ]);
  });

  test('takes as long with a name that nobody has as with a wrong password', { timeout: 60_000 }, async ({
    server,
    world,
  }) => {
    const { username } = world.people.orgAdmin;
    const tookMs = { unknown: [] as number[], wrong: [] as number[] };
    const measure = async (name: string) => {
      const startedAt = performance.now();
      await signIn(server.url, { username: name, password: 'wrong password' });
      return performance.now() - startedAt;
    };
    for (let index = 0; index < 3; index++) await measure(username); // warm up
    const ratio = async (samples: number): Promise<number> => {
      for (let index = 0; index < samples; index++) {
        tookMs.unknown.push(await measure(`nobody.${index}@keyward.test`));
        tookMs.wrong.push(await measure(username));
      }
      return median(tookMs.unknown) / median(tookMs.wrong);
    };
    const first = await ratio(25);
    // More samples where the machine was busy with something else.
    const settled = isAlike(first) ? first : await ratio(75);
    expect(settled).toBeGreaterThan(1 / 1.5);
    expect(settled).toBeLessThan(1.5);
  });
});

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function isAlike(ratio: number): boolean {
  return ratio > 1 / 1.3 && ratio < 1.3;
}

describe('each attempt is one audit row', () => {
  test("of the member's own tenant, right or wrong", async ({ server, world }) => {
    const { username, password, member } = world.people.orgAdmin;
    const rows = await auditOf(server.database, async () => {
      await signIn(server.url, { username, password });
      await signIn(server.url, { username, password: 'wrong' });
    });
    const shared = {
      action: 'auth.login',
      actor_id: member.id,
      root_provider_id: world.organization.rootProviderId,
      organization_id: world.organization.organizationId,
      before: null,
      after: null,
    };
    expect(rows).toMatchObject([
      { ...shared, result: 'OK' },
      { ...shared, result: 'AUTHENTICATION_FAILED' },
    ]);
  });

  test('of the platform when nobody has the name, which is kept nowhere: it may be a password', async ({ server }) => {
    const typed = 'hunter2-typed-into-the-wrong-field';
    const rows = await auditOf(server.database, async () => {
      await signIn(server.url, { username: typed, password: 'x' });
      await signIn(server.url, { username: 'x', password: typed });
    });
    expect(
      rows.map(({ actor_id, actor_name, organization_id, result }) => [actor_id, actor_name, organization_id, result]),
    ).toEqual(Array(2).fill([null, 'Unknown', null, 'AUTHENTICATION_FAILED']));
    expect(JSON.stringify(await readRows(server.database, []))).not.toContain(typed);
    expect(server.logLines.join()).not.toContain(typed);
  });
});

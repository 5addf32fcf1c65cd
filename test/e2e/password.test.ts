import { describe, expect } from 'vitest';
import { createStaff } from '../support/fixtures.ts';
import { connect } from '../support/graphql-client.ts';
import { providerId } from '../support/graphql-world.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { auditOf, readRows } from '../support/rows.ts';
import { anyAddress, type Credentials, signIn, test } from '../support/sign-in-from.ts';
import type { TestServer } from '../support/test-installation.ts';

const OWN_PASSWORD = 'a pass phrase of their own';

interface Person extends Credentials {
  readonly id: string;
}

const CREATE = `mutation ($input: CreateStaffMemberInput!) {
  createStaffMember(input: $input) { password staffMember { id mustChangePassword } userErrors { code message } } }`;

/** Somebody new, with a password that the answer tells. */
async function createPerson(server: TestServer, world: KeyWorld): Promise<Person> {
  const admin = await connect(server.url, world.people.providerAdmin);
  const username = `new.person.${Math.random().toString(36).slice(2)}@keyward.test`;
  const input = {
    username,
    displayName: 'New Person',
    serviceProviderId: providerId(world.tenants.reseller),
    role: 'PROVIDER_VIEWER',
  };
  const answer = await admin.query(CREATE, { input });
  expect(answer.at('createStaffMember.userErrors')).toEqual([]);
  expect(answer.at('createStaffMember.staffMember.mustChangePassword')).toBe(true);
  const { password, staffMember } = answer.at('createStaffMember') as {
    password: string;
    staffMember: { id: string };
  };
  return { username, password, id: staffMember.id };
}

function replacePassword(url: string, person: Credentials, newPassword: string, address?: string) {
  const { username, password: currentPassword } = person;
  return signIn(url, { username, currentPassword, newPassword }, address, '/auth/password');
}

const CHANGE_FIRST = { code: 'PASSWORD_CHANGE_REQUIRED', message: expect.stringContaining('POST /auth/password') };

describe('a password that somebody else knows', () => {
  test('opens nothing but the change to another one', async ({ server, world }) => {
    const person = await createPerson(server, world);
    for (const path of ['/auth/login', '/auth/session'] as const) {
      const answer = await signIn(server.url, person, undefined, path);
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject(CHANGE_FIRST);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect((await signIn(server.url, { ...person, password: 'wrong' }, undefined, path)).status).toBe(401);
    }
    expect(
      await server.database.query(
        'select from staff_session s join staff_member m on m.id = s.staff_member_id where m.username = $1',
        [person.username],
      ),
    ).toEqual([]);
    const changed = await replacePassword(server.url, person, OWN_PASSWORD);
    expect([changed.status, changed.text]).toEqual([204, '']);
    expect((await signIn(server.url, person)).status).toBe(401);
    expect((await signIn(server.url, { ...person, password: OWN_PASSWORD })).status).toBe(200);
  });

  test('is what an admin resets it to', async ({ server, world }) => {
    const person = await createPerson(server, world);
    await replacePassword(server.url, person, OWN_PASSWORD);
    const admin = await connect(server.url, world.people.providerAdmin);
    const reset = await admin.query(
      'mutation ($input: ResetStaffPasswordInput!) { resetStaffPassword(input: $input) { password userErrors { code } } }',
      { input: { staffMemberId: person.id } },
    );
    const password = String(reset.at('resetStaffPassword.password'));
    expect(password).toHaveLength(20);
    expect((await signIn(server.url, { ...person, password: OWN_PASSWORD })).status).toBe(401);
    expect(JSON.parse((await signIn(server.url, { ...person, password })).text)).toMatchObject(CHANGE_FIRST);
  });

  test('is told once, and is in no row and no line of the log', async ({ server, world }) => {
    const person = await createPerson(server, world);
    await signIn(server.url, person);
    await replacePassword(server.url, person, OWN_PASSWORD);
    const rows = JSON.stringify(await readRows(server.database, []));
    for (const secret of [person.password, OWN_PASSWORD]) {
      expect(rows).not.toContain(secret);
      expect(server.logLines.join()).not.toContain(secret);
    }
  });
});

describe('POST /auth/password', () => {
  test('is 401 for anything wrong, and counts as a failed sign-in', async ({ server, world }) => {
    const { username, password } = await createStaff(server.services, 'ORG_VIEWER', world.organization);
    const address = anyAddress();
    const wrong = [
      { username, password: 'wrong' },
      { username: 'nobody@keyward.test', password },
      { username: '', password: '' },
      { username: `${username}\0`, password },
    ];
    for (const person of wrong) {
      const answer = await replacePassword(server.url, person, OWN_PASSWORD, address);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([401, { code: 'AUTHENTICATION_FAILED' }]);
    }
    expect((await signIn(server.url, { username, password: 'wrong' }, address)).status).toBe(401);
    expect((await replacePassword(server.url, { username, password }, OWN_PASSWORD, address)).status).toBe(429);
    expect((await replacePassword(server.url, { username, password }, OWN_PASSWORD)).status).toBe(204);
  });

  test('says of a bad new password what is wrong with it, whoever asks, and leaves the old one', async ({
    server,
    world,
  }) => {
    const { username, password } = await createStaff(server.services, 'ORG_VIEWER', world.organization);
    for (const newPassword of ['too short', 'password1234', `${username} and more`, password]) {
      const [known, unknown] = [
        await replacePassword(server.url, { username, password }, newPassword),
        await replacePassword(server.url, { username, password: `${password}!` }, newPassword),
      ];
      expect([known.status, ...known.codes]).toEqual([400, 'VALIDATION_FAILED']);
      expect(known.text).not.toContain(newPassword);
      if (newPassword !== password) expect(unknown.text).toBe(known.text);
    }
    expect((await signIn(server.url, { username, password })).status).toBe(200);
  });

  test('lets one of two changes at once win', async ({ server, world }) => {
    const { username, password } = await createStaff(server.services, 'ORG_VIEWER', world.organization);
    const passwords = ['the pass phrase of one', 'the pass phrase of the other'];
    const rows = await auditOf(server.database, async () => {
      const answers = await Promise.all(
        passwords.map((next) => replacePassword(server.url, { username, password }, next)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
    });
    expect(rows.map(({ result }) => result).sort()).toEqual(['AUTHENTICATION_FAILED', 'OK']);
    const statuses = await Promise.all(
      passwords.map(async (next) => (await signIn(server.url, { username, password: next })).status),
    );
    expect(statuses.sort()).toEqual([200, 401]);
  });

  test('is one audit row with the state before and after, and neither password', async ({ server, world }) => {
    const { username, password, member } = await createStaff(server.services, 'ORG_VIEWER', world.organization);
    const rows = await auditOf(server.database, () =>
      replacePassword(server.url, { username, password }, OWN_PASSWORD),
    );
    expect(rows).toMatchObject([
      {
        action: 'staff_member.change_password',
        actor_id: member.id,
        target: member.id,
        result: 'OK',
        organization_id: world.organization.organizationId,
        before: { username, role: 'ORG_VIEWER', mustChangePassword: false },
        after: { username, role: 'ORG_VIEWER', mustChangePassword: false },
      },
    ]);
  });
});

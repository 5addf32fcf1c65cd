import { describe, expect } from 'vitest';
import { encodeActorId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import type { CustomRoleRef } from '../../src/ids.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { createStaffMember } from '../../src/staff/create-staff-member.service.ts';
import { bearer, type Client, clientWith, connect } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { makeRole, newcomer } from '../support/people.ts';
import { JSON_TYPE, send } from '../support/raw-http.ts';
import type { TestServer } from '../support/test-installation.ts';

const PASSWORD = 'a pass phrase to begin with';
const NEXT_PASSWORD = 'a pass phrase to go on with';

/** Somebody with a custom role of the provider above, signed in twice: a program by a token, a browser by its cookie. */
interface SignedIn {
  readonly id: string;
  readonly token: Client;
  readonly cookie: Client;
  readonly customRole: CustomRoleRef;
}

const test = base
  .extend('person', ({ server, world }) => signUp(server, world))
  .extend('admin', ({ server, world }) => connect(server.url, world.people.parentAdmin));

async function signUp(server: TestServer, world: KeyWorld): Promise<SignedIn> {
  const ctx = world.as(world.parentAdmin);
  const customRole = await makeRole(ctx, world.tenants.root, ['apiKey:view', 'audit:view']);
  const password = new Secret(PASSWORD);
  const serviceProvider = world.tenants.reseller;
  const input = newcomer({ serviceProvider, customRole, password });
  const { staffMemberId } = await createStaffMember(ctx, input);
  await server.database.query('update staff_member set password_must_change = false where id = $1', [staffMemberId]);
  const credentials = { username: input.username, password: PASSWORD };
  const answer = await send(`${server.url}/auth/session`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify(credentials),
  });
  const cookie = /keyward_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
  return {
    id: encodeActorId(staffMemberId),
    token: clientWith(server.url, await bearer(server.url, credentials)),
    cookie: clientWith(server.url, { cookie: `${SESSION_COOKIE}=${cookie}`, 'sec-fetch-site': 'same-origin' }),
    customRole,
  };
}

async function stateOf(client: Client): Promise<string> {
  const answer = await client.query('{ viewer { role } }');
  return answer.errors[0]?.extensions.code ?? 'IN';
}

const END = { timeout: 1000, interval: 20 };

/** Signed in and believed at this moment; and a second after the change, neither is. */
async function expectEnd({ token, cookie }: SignedIn, change: () => Promise<void>): Promise<void> {
  expect([await stateOf(token), await stateOf(cookie)]).toEqual(['IN', 'IN']);
  await change();
  const states = () => Promise.all([stateOf(token), stateOf(cookie)]);
  await expect.poll(states, END).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
}

async function run(client: Client, mutation: string, input: Record<string, unknown>): Promise<void> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const known = /^(deactivate|remove|end)/.test(mutation) ? 'StaffMemberInput' : type;
  const document = `mutation ($input: ${known}!) { ${mutation}(input: $input) { userErrors { code message } } }`;
  const answer = await client.query(document, { input });
  expect([answer.errors, answer.at(`${mutation}.userErrors`)]).toEqual([[], []]);
}

describe('within a second, token and cookie are dead after', () => {
  test('a deactivation', async ({ admin, person }) => {
    await expectEnd(person, () => run(admin, 'deactivateStaffMember', { staffMemberId: person.id }));
  });

  test('a removal', async ({ admin, person }) => {
    await expectEnd(person, () => run(admin, 'removeStaffMember', { staffMemberId: person.id }));
  });

  test('another role', async ({ admin, person }) => {
    const input = { staffMemberId: person.id, role: 'PROVIDER_SUPPORT' };
    await expectEnd(person, () => run(admin, 'updateStaffMember', input));
  });

  test('a change of the custom role, which a provider above defined', async ({ admin, person }) => {
    const { rootProviderId, customRoleId } = person.customRole;
    const input = {
      customRoleId: encodeGlobalId('CustomRole', rootProviderId, customRoleId),
      permissions: ['apiKey:view'],
    };
    await expectEnd(person, () => run(admin, 'updateCustomRole', input));
  });

  test('a password of their own', async ({ person }) => {
    const input = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD };
    await expectEnd(person, () => run(person.token, 'changePassword', input));
  });

  test('a password that an admin sets', async ({ admin, person }) => {
    const input = { staffMemberId: person.id, password: NEXT_PASSWORD };
    await expectEnd(person, () => run(admin, 'resetStaffPassword', input));
  });

  test('their sessions were ended, by an admin or by themselves', async ({ admin, person, server, world }) => {
    await expectEnd(person, () => run(admin, 'endStaffSessions', { staffMemberId: person.id }));
    const other = await signUp(server, world);
    await expectEnd(other, () => run(other.cookie, 'endStaffSessions', { staffMemberId: other.id }));
  });
});

test('another name of a person or of their role ends nothing', async ({ admin, person }) => {
  const { rootProviderId, customRoleId } = person.customRole;
  await run(admin, 'updateStaffMember', { staffMemberId: person.id, displayName: 'Another name' });
  const role = encodeGlobalId('CustomRole', rootProviderId, customRoleId);
  await run(admin, 'updateCustomRole', { customRoleId: role, name: 'Another name' });
  const renamed = async () => (await person.token.query('{ viewer { role displayName } }')).at('viewer');
  const expected = { role: 'Another name', displayName: 'Another name' };
  await expect.poll(renamed, END).toEqual(expected);
  expect(await stateOf(person.cookie)).toBe('IN');
});

import { describe, expect } from 'vitest';
import { forgetEndedApiSessions } from '../../../src/api-session/forget-ended.service.ts';
import { changePassword } from '../../../src/authentication/password.service.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { updateStaffMember } from '../../../src/staff/staff-member.service.ts';
import { isLive, loginBody, lookAt, openSession, postLogin, sendRaw, sessionIdIn } from '../../support/api-sessions.ts';
import { keyInput } from '../../support/fixtures.ts';
import { addSandboxKey, disableByPlatform, disableByProvider, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld } from '../../support/key-world.ts';
import { staffChanges } from '../../support/people.ts';
import { test as base } from '../../support/sign-in-from.ts';
import { sync, syncInput } from '../../support/sync.ts';
import { startServerOn } from '../../support/test-installation.ts';

/** Two servers on one database, which know nothing else of each other. */
const test = base.extend('other', { scope: 'file' }, async ({ server }, { onCleanup }) => {
  const other = await startServerOn(server.database, server.config);
  onCleanup(() => other[Symbol.asyncDispose]());
  return other;
});

const change = (world: KeyWorld, action: 'EDIT' | 'REGENERATE' | 'DELETE') =>
  commands[action](world.as(world.orgAdmin), commandInput(world.organization));
const admin = (world: KeyWorld) => world.people.orgAdmin.member.id;
const manager = (world: KeyWorld) => world.as(world.providerAdmin);

/** Whatever ends a session: when it returns, the session has ended everywhere. */
const ends: Record<string, (world: KeyWorld) => Promise<unknown>> = {
  'its key is edited': (world) => change(world, 'EDIT'),
  'its key is regenerated': (world) => change(world, 'REGENERATE'),
  'its key is deleted': (world) => change(world, 'DELETE'),
  'its key is disabled by the provider': disableByProvider,
  'its key is disabled by the platform': disableByPlatform,
  'its key is disabled, and then enabled': async (world) => {
    await disableByProvider(world);
    await commands.ENABLE(manager(world), commandInput(world.organization));
  },
  'its key is edited by a sync': (world) => sync(manager(world), syncInput([world.organization])),
  'its admin is removed': (world) => staffChanges.remove(manager(world), admin(world)),
  'its admin is deactivated': (world) => staffChanges.deactivate(manager(world), admin(world)),
  'its admin is deactivated, and then reactivated': async (world) => {
    await staffChanges.deactivate(manager(world), admin(world));
    await staffChanges.reactivate(manager(world), admin(world));
  },
  'its admin gets another role': (world) =>
    updateStaffMember(manager(world), {
      ...{ staffMemberId: admin(world), displayName: null, role: 'ORG_VIEWER', customRole: null, idempotencyKey: null },
    }),
  "its admin's password is reset": (world) => staffChanges.reset(manager(world), admin(world)),
  'its admin chooses another password': (world) =>
    changePassword(world.as(world.orgAdmin), {
      currentPassword: new Secret(world.people.orgAdmin.password),
      newPassword: new Secret('nine blue herons wade'),
      idempotencyKey: null,
    }),
  "its admin's sessions are ended": (world) => staffChanges.endSessions(manager(world), admin(world)),
  'nobody has used it for five minutes': ({ keyward, organization }) =>
    keyward.database.query(
      `update api_session set last_used_at = now() - interval '5 minutes 1 millisecond' where organization_id = $1`,
      [organization.organizationId],
    ),
};

describe('a session ends at once, on every server, when', () => {
  test.for(Object.entries(ends))('%s', async ([, end], { server, other, world }) => {
    const ids = [await openSession(server.url, world), await openSession(other.url, world)];
    await end(world);
    const looks = ids.flatMap((id) => [server.url, other.url].map((url) => lookAt(url, id)));
    expect((await Promise.all(looks)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test('its client logs out at another server', async ({ server, other, world }) => {
    const id = await openSession(server.url, world);
    expect([await isLive(server.url, id), await isLive(other.url, id)]).toEqual([true, true]);
    await sendRaw(other.url, { method: 'DELETE', headers: { JSessionID: id } });
    expect([await isLive(server.url, id), await isLive(other.url, id)]).toEqual([false, false]);
  });
});

test('a login under way while its key changes opens nothing that lives', { timeout: 60_000 }, async ({
  server,
  other,
  world,
}) => {
  const statuses: number[] = [];
  for (let round = 0; round < 8; round++) {
    const body = await loginBody(world);
    const login = postLogin(server.url, body);
    await change(world, 'REGENERATE');
    const answer = await login;
    statuses.push(answer.status);
    if (answer.status === 200) expect(await isLive(other.url, sessionIdIn(answer))).toBe(false);
    else expect(answer.status).toBe(400);
  }
  expect(statuses).toHaveLength(8);
});

const goesOn: Record<string, (world: KeyWorld) => Promise<unknown>> = {
  'its subscription ends': endSubscription,
  'a command on its key is refused': (world) =>
    commands.ADD(world.as(world.orgAdmin), commandInput(world.organization)).catch(() => undefined),
  'its key is revealed': (world) => commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization)),
  'the other key of the organization changes': async (world) => {
    await addSandboxKey(world);
    await commands.REGENERATE(
      world.as(world.orgAdmin),
      commandInput(world.organization, keyInput(world.organization, 'SANDBOX_SUBMISSION')),
    );
  },
  'its admin gets another name': (world) => staffChanges.rename(manager(world), admin(world)),
  'nobody has used it for almost five minutes': ({ keyward, organization }) =>
    keyward.database.query(
      `update api_session set last_used_at = now() - interval '4 minutes 50 seconds' where organization_id = $1`,
      [organization.organizationId],
    ),
};

describe('a session goes on when', () => {
  test.for(Object.entries(goesOn))('%s', async ([, happen], { server, other, world }) => {
    const id = await openSession(server.url, world);
    await happen(world);
    expect([await isLive(server.url, id), await isLive(other.url, id)]).toEqual([true, true]);
  });

  test('it is used, for as long as that is', async ({ server, other, world }) => {
    const id = await openSession(server.url, world);
    const later = `update api_session set last_used_at = last_used_at - interval '4 minutes' where organization_id = $1`;
    for (const url of [other.url, server.url, other.url]) {
      await server.database.query(later, [world.organization.organizationId]);
      expect(await isLive(url, id)).toBe(true);
    }
  });
});

test('how long a session lives without a use, and how far a clock may be off, can be set', async ({
  server,
  world,
}) => {
  const settings = { idleTimeoutMs: 20 * 60_000, clockSkewMs: 1000 };
  await using patient = await startServerOn(server.database, { ...server.config, apiSessionSettings: settings });
  const id = await openSession(server.url, world);
  await server.database.query(
    `update api_session set last_used_at = now() - interval '19 minutes' where organization_id = $1`,
    [world.organization.organizationId],
  );
  expect([await isLive(server.url, id), await isLive(patient.url, id)]).toEqual([false, true]);
});

test('what has ended is forgotten', async ({ server, world }) => {
  const [old, current] = [await openSession(server.url, world), await openSession(server.url, world)];
  const { organizationId } = world.organization;
  const ofOrganization = (table: string) =>
    server.database.query<{ id: string }>(`select * from ${table} where organization_id = $1`, [organizationId]);
  await server.database.query(
    `update api_session set last_used_at = now() - interval '5 minutes 1 second'
     where id = (select min(id::text)::uuid from api_session where organization_id = $1)`,
    [organizationId],
  );
  await server.database.query(
    `update api_login set at = now() - interval '12 minutes'
     where timestamp_ms = (select min(timestamp_ms) from api_login where organization_id = $1)`,
    [organizationId],
  );
  await forgetEndedApiSessions(server.services, new Date());
  expect([await isLive(server.url, old), await isLive(server.url, current)]).toEqual([false, true]);
  expect([await ofOrganization('api_session'), await ofOrganization('api_login')].map((rows) => rows.length)).toEqual([
    1, 1,
  ]);
});

import { describe, expect } from 'vitest';
import { makeSessionId, parseSessionId } from '../../../src/api-session/api-session-id.ts';
import { SessionLook } from '../../../src/api-session/session-look.ts';
import { PLATFORM_SCOPE, type Scope } from '../../../src/database/scope.ts';
import { placeOf } from '../../support/fixtures.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { insertApiSession } from '../../support/tenant-rows/data-plane.ts';

/** A session of the world's organization, as its client shows it, and as somebody does who has seen the id of its row. */
async function openSession({ keyward, organization, people }: KeyWorld) {
  const place = await placeOf(keyward.services, organization);
  const apiSessionId = await insertApiSession(keyward.database, place, people.orgAdmin.member.id);
  const [shown, guessed] = [1, 2].map(() => {
    const { id } = makeSessionId({ ...organization, apiSessionId });
    const parsed = parseSessionId(id.expose());
    if (parsed === null) throw new Error('no session id');
    const { rootProviderId, secretHash } = parsed;
    return { rootProviderId, sessionId: apiSessionId, secretHash };
  });
  if (shown === undefined || guessed === undefined) throw new Error('unreachable');
  await keyward.database.query('update api_session set secret_hash = $2, last_used_at = now() where id = $1', [
    apiSessionId,
    shown.secretHash,
  ]);
  return { apiSessionId, shown, guessed };
}

const look = (
  world: KeyWorld,
  sessions: SessionLook,
  shown: Parameters<SessionLook['find']>[1],
  scope: Scope = PLATFORM_SCOPE,
) => world.keyward.services.database.read(scope, (tx) => sessions.find(tx, shown, new Date()));

describe('what a gateway learns of sessions', () => {
  test('is of each secret that was shown, also of the same session at the same time', async ({ keyward, world }) => {
    await using sessions = new SessionLook(keyward.services);
    const { shown, guessed } = await openSession(world);
    for (const asked of [
      [shown, guessed, shown],
      [guessed, shown],
    ]) {
      const facts = await look(world, sessions, asked);
      expect(facts.map(({ holds }) => holds)).toEqual(asked.map((one) => one === shown));
      expect(facts.map(({ organizationId }) => organizationId)).toEqual(
        asked.map(() => world.organization.organizationId),
      );
    }
  });

  test('is nothing of what is out of its sight', async ({ keyward, world }) => {
    await using sessions = new SessionLook(keyward.services);
    const { shown } = await openSession(world);
    expect(await look(world, sessions, [shown], world.foreignAdmin.scope)).toEqual([]);
    expect(await look(world, sessions, [shown], world.siblingAdmin.scope)).toEqual([]);
    expect(await look(world, sessions, [shown], world.providerAdmin.scope)).toMatchObject([{ holds: true }]);
  });
});

describe('a use', () => {
  const lastUseOf = async ({ keyward }: KeyWorld, id: string) => {
    const [row] = await keyward.database.query<{ last_used_at: Date }>(
      'select last_used_at from api_session where id = $1',
      [id],
    );
    return row?.last_used_at.getTime();
  };

  test('is written down within a moment, the latest one, and never an earlier one', async ({ keyward, world }) => {
    await using sessions = new SessionLook(keyward.services);
    const { apiSessionId, shown } = await openSession(world);
    const before = (await lastUseOf(world, apiSessionId)) ?? 0;
    sessions.used(shown, new Date(before + 500));
    sessions.used(shown, new Date(before + 700));
    await expect.poll(() => lastUseOf(world, apiSessionId), { timeout: 5000 }).toBe(before + 700);
    sessions.used(shown, new Date(before + 100));
    await sessions[Symbol.asyncDispose]();
    expect(await lastUseOf(world, apiSessionId)).toBe(before + 700);
  });

  test('is written down at the latest when the server stops', async ({ keyward, world }) => {
    const sessions = new SessionLook(keyward.services);
    const { apiSessionId, shown } = await openSession(world);
    const at = new Date(Date.now() + 60_000);
    sessions.used(shown, at);
    await sessions[Symbol.asyncDispose]();
    expect(await lastUseOf(world, apiSessionId)).toBe(at.getTime());
  });
});

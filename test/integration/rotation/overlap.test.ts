import { describe, expect, vi } from 'vitest';
import { rotateSecrets } from '../../../src/key-rotation/rotate-secrets.service.ts';
import { endKeyOverlap, forgetOldStrings } from '../../../src/rotation/end-key-overlap.service.ts';
import { isLive, postLogin, sessionIdIn } from '../../support/api-sessions.ts';
import { nextTimestamp, obfuscateAsClientsDo } from '../../support/field-client.ts';
import { createTestGateway } from '../../support/gateway-client.ts';
import { openGateway, type TestGateway } from '../../support/gateways.ts';
import { test as base, organizationId } from '../../support/graphql-world.ts';
import { commandInput, commands, type KeyWorld } from '../../support/key-world.ts';
import { rotateWithOverlap } from '../../support/rotation-policies.ts';
import { sync, syncInput } from '../../support/sync.ts';

const MINUTE_MS = 60_000;

const test = base.extend('gateway', ({ server, world }) =>
  openGateway(server, world.providerAdmin, world.tenants.reseller),
);

const verify = async (world: KeyWorld, gateway: TestGateway, key: string) =>
  (await gateway.verify({ organization: organizationId(world.organization), key })).body.code;

async function login(url: string, world: KeyWorld, key: string): Promise<string | null> {
  const { username, password } = world.people.orgAdmin;
  const timestamp = nextTimestamp();
  const answer = await postLogin(url, { apiKey: obfuscateAsClientsDo(key, timestamp), username, password, timestamp });
  return answer.status === 200 ? sessionIdIn(answer) : null;
}

interface Row {
  readonly [column: string]: unknown;
  readonly ends: Date | null;
  readonly first: Date | null;
  readonly kept: boolean;
}

async function overlapOf({ keyward, organization }: KeyWorld): Promise<Row> {
  const [row] = await keyward.database.query<Row>(
    `select overlap_ends_at as ends, overlap_first_used_at as first, previous_ciphertext is not null as kept from api_key
     where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
    [organization.organizationId],
  );
  if (row === undefined) throw new Error('no slot');
  return row;
}

describe('while an overlap runs', () => {
  test('old and new string are both accepted, wherever a string is shown', async ({ server, world, gateway }) => {
    const { before, after } = await rotateWithOverlap(world);
    expect([await verify(world, gateway, before), await verify(world, gateway, after)]).toEqual(['VALID', 'VALID']);
    const proxy = await createTestGateway(server, world);
    for (const key of [before, after]) {
      const headers = { 'x-api-key': key, 'x-organization': organizationId(world.organization) };
      expect((await proxy.ask(headers)).status).toBe(204);
      expect(await login(server.url, world, key)).not.toBeNull();
    }
    expect(await verify(world, gateway, 'neitherOfTwo')).toBe('NOT_FOUND');
  });

  test('a session goes on that was opened before, and ends with the overlap', async ({ server, world }) => {
    const { keyString } = await commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization));
    const opened = await login(server.url, world, keyString?.expose() ?? '');
    const { before, after } = await rotateWithOverlap(world);
    const [byOld, byNew] = [await login(server.url, world, before), await login(server.url, world, after)];
    const live = () => Promise.all([opened, byOld, byNew].map((id) => isLive(server.url, id ?? '')));
    expect(await live()).toEqual([true, true, true]);
    await endKeyOverlap(world.as(world.providerAdmin), { ...commandInput(world.organization) });
    expect(await live()).toEqual([false, false, true]);
  });

  test('a second rotation leaves the last two strings, or the last alone', async ({ world, gateway }) => {
    const first = await rotateWithOverlap(world);
    const second = await rotateWithOverlap(world);
    const codes = [first.before, second.before, second.after].map((key) => verify(world, gateway, key));
    expect(await Promise.all(codes)).toEqual(['NOT_FOUND', 'VALID', 'VALID']);
  });

  test('the old string outlives a rotation of the keys that seal it', async ({ server, world, gateway }) => {
    const { before } = await rotateWithOverlap(world);
    expect(await rotateSecrets(server.services)).toMatchObject({ unreadable: [] });
    expect(await login(server.url, world, before)).not.toBeNull();
    expect(await verify(world, gateway, before)).toBe('VALID');
  });
});

describe('an overlap ends', () => {
  test('when its time is over, and then the old string is forgotten', async ({ server, world, gateway }) => {
    const { before, after } = await rotateWithOverlap(world);
    await world.keyward.database.query(
      'update api_key set overlap_ends_at = now() where organization_id = $1 and overlap_version is not null',
      [world.organization.organizationId],
    );
    expect([await verify(world, gateway, before), await verify(world, gateway, after)]).toEqual(['NOT_FOUND', 'VALID']);
    expect(await login(server.url, world, before)).toBeNull();
    await forgetOldStrings(server.services, new Date());
    expect(await overlapOf(world)).toEqual({ ends: null, first: null, kept: false });
    expect(await verify(world, gateway, after)).toBe('VALID');
  });

  test('a grace period after the first call with the new string', async ({ world, gateway }) => {
    const { before, after } = await rotateWithOverlap(world, { minutes: 60, graceMinutes: 5 });
    await verify(world, gateway, before);
    expect(await overlapOf(world)).toMatchObject({ first: null });
    await verify(world, gateway, after);
    await vi.waitFor(async () => expect((await overlapOf(world)).first).not.toBeNull());
    const { ends, first } = await overlapOf(world);
    expect(Number(ends)).toBe(Number(first) + 5 * MINUTE_MS);
    await verify(world, gateway, after);
    expect(await overlapOf(world)).toMatchObject({ ends, first });
    expect(await verify(world, gateway, before)).toBe('VALID');
  });

  test('a grace period after the first login with the new string', async ({ server, world }) => {
    const { before, after } = await rotateWithOverlap(world, { minutes: 60, graceMinutes: 5 });
    await login(server.url, world, before);
    expect(await overlapOf(world)).toMatchObject({ first: null });
    await login(server.url, world, after);
    const { ends, first } = await overlapOf(world);
    expect(Number(ends)).toBe(Number(first) + 5 * MINUTE_MS);
  });

  test('when staff cut it short, once, and that is written down', async ({ world, gateway }) => {
    const { before, after } = await rotateWithOverlap(world);
    const input = commandInput(world.organization);
    await expect(endKeyOverlap(world.as(world.orgViewer), input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(endKeyOverlap(world.as(world.siblingAdmin), input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await verify(world, gateway, before)).toBe('VALID');
    await endKeyOverlap(world.as(world.providerAdmin), input);
    expect([await verify(world, gateway, before), await verify(world, gateway, after)]).toEqual(['NOT_FOUND', 'VALID']);
    expect(await overlapOf(world)).toMatchObject({ kept: false });
    await expect(endKeyOverlap(world.as(world.providerAdmin), input)).rejects.toMatchObject({ code: 'KEY_UNCHANGED' });
    const rows = await world.keyward.database.query(
      `select result from audit_event where action = 'api_key.end_overlap' and organization_id = $1 order by at`,
      [world.organization.organizationId],
    );
    expect(rows).toContainEqual({ result: 'OK' });
  });
});

describe.each(['EDIT', 'REGENERATE', 'DELETE', 'DISABLE', 'SYNC'] as const)('%s', (action) => {
  test('ends both strings and every session at once', async ({ server, world, gateway }) => {
    const { before, after } = await rotateWithOverlap(world);
    const sessions = [await login(server.url, world, before), await login(server.url, world, after)];
    const ctx = world.as(world.providerAdmin);
    if (action === 'SYNC') await sync(ctx, syncInput([world.organization], { newKey: 'abcDEF654321' }));
    else await commands[action](ctx, commandInput(world.organization));
    const code = action === 'DISABLE' ? 'DISABLED' : 'NOT_FOUND';
    expect(await verify(world, gateway, after)).toBe(code);
    expect(await verify(world, gateway, before)).toBe('NOT_FOUND');
    for (const id of sessions) expect(await isLive(server.url, id ?? '')).toBe(false);
    if (action !== 'DISABLE') return;
    await commands.ENABLE(world.as(world.providerAdmin), commandInput(world.organization));
    expect([await verify(world, gateway, before), await verify(world, gateway, after)]).toEqual(['NOT_FOUND', 'VALID']);
  });
});

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, vi } from 'vitest';
import { makeSessionId, type PresentedSession, parseSessionId } from '../../../src/api-session/api-session-id.ts';
import { SessionLook } from '../../../src/api-session/session-look.ts';
import { signAccessToken } from '../../../src/authentication/access-token.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import type { Call } from '../../../src/gateway/call.ts';
import { createGateway } from '../../../src/gateway/gateway.service.ts';
import { newId, type OrganizationRef, type ServiceAccountSecretId } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { lockCounters } from '../../../src/usage/usage.repository.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { allowCalls } from '../../support/gateways.ts';
import { test as base, commandInput, commands, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { createTestServiceAccount } from '../../support/service-accounts.ts';

/** A way to ask as one process would, and the calls of the world's organization. */
const test = base
  .extend('open', ({ keyward, world }) => async () => {
    const { services, database } = keyward;
    const { reseller } = world.tenants;
    const { rootProviderId } = reseller;
    const account = await createTestServiceAccount(services, world.providerAdmin, reseller, ['gateway:verify']);
    const [secret] = await database.query<{ id: ServiceAccountSecretId }>(
      'select id from service_account_secret where service_account_id = $1',
      [account.id],
    );
    if (secret === undefined) throw new Error('an account has a secret');
    const claims = { rootProviderId, serviceAccountId: account.id, secretId: secret.id };
    const token = await signAccessToken(
      services.signingKeys,
      { kind: 'SERVICE_ACCOUNT', ...claims, permissions: ['gateway:verify'] },
      new Date(),
    );
    const gateway = createGateway(services, new SessionLook(services));
    return (call: Call) => gateway.authorizeCall(token, call);
  })
  .extend('call', async ({ world }) => callOf(world));

async function callOf(world: KeyWorld, more: Partial<Call> = {}): Promise<Call> {
  const { keyString } = await readSlot(world);
  const key = new Secret(keyString ?? '');
  const presented = { by: 'KEY', organization: world.organization, key, kind: 'CLOUD_SERVICE' } as const;
  return { presented, cost: 1, method: null, address: null, ...more };
}

async function readRow<Row extends pg.QueryResultRow>({ keyward, organization }: KeyWorld, sql: string) {
  const [row] = await keyward.database.query<Row>(sql, [organization.organizationId]);
  return row;
}
const used = async (world: KeyWorld) =>
  (await readRow<{ used: number }>(world, 'select used::int from usage_counter where organization_id = $1'))?.used;

/** As a sync of many organizations would. */
async function holdSlot({ keyward, organization }: KeyWorld): Promise<AsyncDisposable> {
  const owner = new pg.Client({ connectionString: keyward.database.ownerUrl });
  await owner.connect();
  await owner.query('begin');
  await owner.query(`select from api_key where organization_id = $1 for no key update`, [organization.organizationId]);
  return { [Symbol.asyncDispose]: () => owner.end() };
}

describe('the first calls of all', () => {
  test('are all counted, however many processes count them at once', async ({ world, open, call }) => {
    const processes = await Promise.all([open(), open(), open()]);
    const decisions = await Promise.all(processes.flatMap((decide) => [decide(call), decide(call), decide(call)]));
    expect(decisions.map(({ code }) => code)).toEqual(Array(9).fill('VALID'));
    expect(decisions.map(({ callsUsed }) => callsUsed).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await used(world)).toBe(9);
  });

  test('of the next hour write down the one before', async ({ world, open, call, keyward }) => {
    const decide = await open();
    await decide(call);
    await keyward.database.query(
      `update usage_counter set hour = hour - interval '1 hour', hour_calls = 5 where organization_id = $1`,
      [world.organization.organizationId],
    );
    await decide(call);
    const hours =
      'select calls::int, hour < now() - interval \'1 hour\' as "isOver" from usage_hour where organization_id = $1';
    expect(await readRow(world, hours)).toEqual({ calls: 5, isOver: true });
    const counter = 'select hour_calls::int as calls from usage_counter where organization_id = $1';
    expect(await readRow(world, counter)).toEqual({ calls: 1 });
  });
});

test('a call that names the organization under another root changes nothing for those who name it rightly', async ({
  world,
  open,
  call,
}) => {
  const decide = await open();
  await decide(call);
  const forged = { ...world.organization, rootProviderId: newId<'ServiceProvider'>() };
  const key = new Secret('forged-forged-forged');
  const wrong: Call = { ...call, presented: { by: 'KEY', organization: forged, key, kind: 'CLOUD_SERVICE' } };
  // The first is decided alone, and the others meet in the batch after it.
  const decisions = await Promise.all([call, wrong, call, wrong, call].map(decide));
  expect(decisions.map(({ code }) => code)).toEqual(['VALID', 'NOT_FOUND', 'VALID', 'NOT_FOUND', 'VALID']);
});

test('a process that falls silent with a counter in its hands is given up within seconds', async ({
  world,
  open,
  call,
  keyward,
}) => {
  const decide = await open();
  await decide(call);
  const [isHeld, isOver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const silent = keyward.services.decisionDatabase.withTransaction(PLATFORM_SCOPE, async (tx) => {
    await lockCounters(tx, [{ ...world.organization, kind: 'CLOUD_SERVICE' }]);
    isHeld.resolve();
    await isOver.promise;
  });
  const given = expect(silent).rejects.toThrow();
  await isHeld.promise;
  try {
    await vi.waitFor(async () => expect((await decide(call)).code).toBe('VALID'), 10_000);
  } finally {
    isOver.resolve();
  }
  await given;
});

describe('while a command holds the slot for long', () => {
  test('calls are decided, also the first ones and those that are told of; only one over the threshold waits', async ({
    world,
    open,
    call,
  }) => {
    await allowCalls(world, 4);
    const fresh = await createTestOrganization(
      world.keyward.services,
      world.tenants.platformAdmin,
      world.tenants.reseller,
    );
    const other = await callOf({ ...world, organization: fresh });
    const decide = await open();
    const held = await holdSlot(world);
    for (const callsUsed of [1, 2, 3, 4]) expect(await decide(call)).toMatchObject({ code: 'VALID', callsUsed });
    const exceeding = decide(call);
    expect((await decide(other)).code).toBe('VALID');
    expect(await readRow(world, 'select from disablement where organization_id = $1')).toBeUndefined();
    await held[Symbol.asyncDispose]();
    expect(await exceeding).toMatchObject({ code: 'THRESHOLD_EXCEEDED', callsUsed: 4, disabledBy: ['CALL_THRESHOLD'] });
  });

  test('a call over the threshold is refused when that takes too long, and nothing is written', async ({
    world,
    open,
    call,
  }) => {
    await allowCalls(world, 1);
    const decide = await open();
    await decide(call);
    await using _ = await holdSlot(world);
    await expect(decide(call)).rejects.toMatchObject({ code: 'DECISION_UNAVAILABLE' });
    expect(await readRow(world, 'select from disablement where organization_id = $1')).toBeUndefined();
    expect(await used(world)).toBe(1);
  });
});

describe('the call over the threshold', () => {
  test('disables the key in one transaction with its audit row, by the system', async ({ world, open, call }) => {
    await allowCalls(world, 1);
    const before = await readSlot(world);
    const decide = await open();
    const decisions = await Promise.all(Array.from({ length: 6 }, () => decide(call)));
    expect(decisions.filter(({ code }) => code === 'VALID')).toHaveLength(1);
    const slot = await readSlot(world);
    expect([slot.disabledBy, slot.version]).toEqual([['CALL_THRESHOLD'], before.version + 1]);
    const audit = await world.keyward.database.query(
      `select actor_id, actor_name, result, note from audit_event where organization_id = $1 and action = 'api_key.disable'`,
      [world.organization.organizationId],
    );
    expect(audit).toEqual([{ actor_id: null, actor_name: 'System', result: 'OK', note: 'CALL_THRESHOLD_EXCEEDED' }]);
  });

  test('leaves nothing behind when its audit row cannot be written', async ({ world, open, call, keyward }) => {
    await allowCalls(world, 1);
    const decide = await open();
    await decide(call);
    const { organizationId } = world.organization;
    const name = `refuse_${organizationId.replaceAll('-', '')}`;
    await keyward.database.query(
      `alter table audit_event add constraint ${name} check (organization_id <> '${organizationId}') not valid`,
    );
    await expect(decide(call)).rejects.toMatchObject({ code: 'DECISION_UNAVAILABLE' });
    expect((await readSlot(world)).disabledBy).toEqual([]);
    await keyward.database.query(`alter table audit_event drop constraint ${name}`);
    expect((await decide(call)).code).toBe('THRESHOLD_EXCEEDED');
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    expect(await decide(call)).toMatchObject({ code: 'VALID', callsUsed: 1 });
  });
});

describe('sessions that are decided together', () => {
  /** A session of the organization's administrator, as its client shows it. */
  async function openSession(world: KeyWorld, ref: OrganizationRef): Promise<PresentedSession> {
    const place = { ...ref, apiSessionId: newId<'ApiSession'>() };
    const { id, secretHash } = makeSessionId(place);
    await world.keyward.database.query(
      `insert into api_session (root_provider_id, id, organization_id, provider_path, staff_member_id, username, secret_hash,
         slot_version, session_epoch, created_at, last_used_at)
       select k.root_provider_id, $1, k.organization_id, k.provider_path, m.id, 'somebody', $2, k.version, m.session_epoch,
         now(), now()
       from api_key k, staff_member m where k.organization_id = $3 and k.kind = 'CLOUD_SERVICE' and m.id = $4`,
      [place.apiSessionId, secretHash, ref.organizationId, world.people.orgAdmin.member.id],
    );
    const presented = parseSessionId(id.expose());
    if (presented === null) throw new Error('a new session is one');
    return presented;
  }

  test('hold for who has the secret, and for nobody who knows the id alone', async ({ world, open, call }) => {
    const session = await openSession(world, world.organization);
    const thief = { ...session, secretHash: randomBytes(32) };
    const decide = await open();
    const as = (shown: PresentedSession): Call => ({ ...call, presented: { by: 'SESSION', session: shown } });
    const decisions = await Promise.all([thief, session, thief, session].map((shown) => decide(as(shown))));
    expect(decisions.map(({ code }) => code)).toEqual(['SESSION_NOT_VALID', 'VALID', 'SESSION_NOT_VALID', 'VALID']);
    expect(await used(world)).toBe(2);
  });
});

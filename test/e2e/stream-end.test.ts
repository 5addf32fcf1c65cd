import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import { endDelegation } from '../../src/delegation/answer-delegation.service.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { revokeServiceAccount } from '../../src/service-account/service-account.service.ts';
import { delegationId } from '../support/delegation-client.ts';
import { createDelegationWorld, lend, named } from '../support/delegations.ts';
import { placeOf } from '../support/fixtures.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';
import { tokenOfSession } from '../support/session.ts';
import { test, WATCH } from '../support/stream-world.ts';
import { codesIn, listen, type StreamEvent } from '../support/streams.ts';
import { insertBulkOperation } from '../support/tenant-rows/operations.ts';
import { startTestServer } from '../support/test-installation.ts';

const failureIn = (event: StreamEvent | null) => {
  const told = event?.data?.data?.bulkOperation;
  return (told as { failure?: string } | undefined)?.failure;
};

describe('a stream', () => {
  test('whose listener hangs up leaves nothing behind: nobody looks any more', async ({
    server,
    world,
    operation,
    headersOf,
  }) => {
    const { logLines } = server;
    const countOf = (what: string) => logLines.filter((line) => line.includes(what)).length;
    const [looks, ended, relays] = ['"bulk_operation.find"', 'stream ended', 'bulk_operation.find_waiting'];
    const before = countOf(ended);
    const listener = await listen(server.url, await headersOf(world.people.providerAdmin), WATCH, {
      id: operation.id,
    });
    await listener.next();
    listener.hangUp();
    await expect.poll(() => countOf(ended)).toBe(before + 1);
    const [looked, relayed] = [countOf(looks), countOf(relays)];
    // The server's own clock: what it does twice a second, it has done three times.
    await expect.poll(() => countOf(relays), { timeout: 10_000 }).toBeGreaterThan(relayed + 2);
    expect(countOf(looks)).toBe(looked);
  });
});

test('a stream ends, and says why, within seconds after its listener may not listen any more', async ({
  server,
  world,
  operation,
  headersOf,
}) => {
  const { services, database, url } = server;
  const both = await createDelegationWorld(world);
  const account = await createTestServiceAccount(services, world.providerAdmin, world.tenants.reseller);
  const delegation = await lend(both);
  const signedOut = { authorization: `Bearer ${await tokenOfSession(services, world.people.providerSupport)}` };
  const ofGrantor = await placeOf(services, both.grantor);
  const theirs = await insertBulkOperation(database, ofGrantor, both.lent[0]);
  const [{ organizationId: lentId }] = both.lent;
  await database.query('update bulk_operation set organization_id = $2, actor = $3 where id = $1', [
    theirs,
    lentId,
    { scope: { organizationIds: [lentId] } },
  ]);
  const listeners = {
    'signed out': [signedOut, 'UNAUTHENTICATED'],
    'of another role': [await headersOf(world.people.providerViewer), 'FORBIDDEN'],
    'revoked account': [{ authorization: `Bearer ${await tokenOf(url, account)}` }, 'UNAUTHENTICATED'],
    'ended delegation': [
      { ...(await headersOf(both.granteeAdmin)), 'x-keyward-delegation': delegationId(delegation) },
      'FORBIDDEN',
    ],
  } as const;
  const open = await Promise.all(
    Object.entries(listeners).map(async ([name, [headers, code]]) => {
      const id =
        name === 'ended delegation' ? encodeGlobalId('BulkOperation', ofGrantor.rootProviderId, theirs) : operation.id;
      const listener = await listen(url, headers, WATCH, { id });
      expect((await listener.next())?.event, name).toBe('next');
      return { name, code, listener };
    }),
  );
  const still = await listen(url, await headersOf(world.people.providerAdmin), WATCH, { id: operation.id });
  await database.query('delete from staff_session where staff_member_id = $1', [
    world.people.providerSupport.member.id,
  ]);
  await database.query(`update staff_member set role = 'PROVIDER_SUPPORT' where id = $1`, [
    world.people.providerViewer.member.id,
  ]);
  await revokeServiceAccount(world.as(world.providerAdmin), { id: account.id, idempotencyKey: null });
  await endDelegation(both.as(both.providerAdmin), { ...named(delegation), note: null });
  const changedAt = performance.now();
  for (const { name, code, listener } of open) {
    const events = await listener.rest();
    expect([codesIn(events), events.at(-1)?.event], name).toEqual([[code], 'complete']);
  }
  expect(performance.now() - changedAt).toBeLessThan(8_000);
  await operation.say('only to those who may hear it');
  expect([await still.next(), await still.next()].map(failureIn)).toContain('only to those who may hear it');
  still.hangUp();
}, 30_000);

describe('a server that stops', () => {
  test('ends its streams, so that whoever listens asks another one', async () => {
    const server = await startTestServer();
    const world = await createKeyWorld(server);
    const place = await placeOf(server.services, world.tenants.reseller);
    const uuid = await insertBulkOperation(server.database, place, world.organization);
    const id = encodeGlobalId('BulkOperation', place.rootProviderId, uuid);
    const headers = { authorization: `Bearer ${await tokenOfSession(server.services, world.people.providerAdmin)}` };
    const listener = await listen(server.url, headers, WATCH, { id });
    expect((await listener.next())?.event).toBe('next');
    const stoppedAt = performance.now();
    const [rest] = await Promise.all([listener.rest(), server[Symbol.asyncDispose]()]);
    expect(rest).toEqual([]); // the answer came to its end as HTTP has it, and lacks "complete"
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  });

  test('waits for nobody who has connected and said nothing', async () => {
    const server = await startTestServer();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const stoppedAt = performance.now();
    await Promise.all([once(socket, 'close'), server[Symbol.asyncDispose]()]);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  });
});

import { expect } from 'vitest';
import {
  createAuthorizationServer,
  deleteAuthorizationServer,
  disableAuthorizationServer,
  enableAuthorizationServer,
  updateAuthorizationServer,
} from '../../../src/authorization-server/authorization-server.service.ts';
import { lookUpAuthorizationServer } from '../../../src/authorization-server/look-up-authorization-server.ts';
import { planRotation } from '../../../src/rotation/plan-rotation.service.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import {
  createServer,
  NOTHING_CHANGED,
  serverCommand,
  serverInput,
  test as serverTest,
} from '../../support/authorization-server-world.ts';
import { actingUnder, createDelegationWorld, DAY_MS, lend } from '../../support/delegations.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { readRows } from '../../support/rows.ts';
import { bulkTarget } from '../../support/sync.ts';

/** Two sides of a delegation, and services that may ask a server of key sets. */
const test = serverTest.extend('both', ({ world }) => createDelegationWorld(world));

test('no rotation is planned under a delegation: it would be done after the end', async ({ both }) => {
  const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
  const plan = {
    ...bulkTarget(both.lent),
    runAt: new Date(Date.now() + 60 * DAY_MS),
    ...{ newKey: new Secret('plannedKey00'), sharedString: false, overlapMinutes: 0, overlapGraceMinutes: 15 },
  };
  const before = await readRows(both.keyward.database);
  for (const more of [{}, { dryRun: true }, { newKey: null }, { newKey: null, sharedString: true }]) {
    const refusal = await refusalOf(() => planRotation(both.as(acting), { ...plan, ...more }));
    expect([more, refusal.code]).toEqual([more, 'FORBIDDEN']);
  }
  expect(await readRows(both.keyward.database)).toEqual(before);
});

test('nobody under a delegation says whose access tokens are taken, but they may end that they are', async ({
  both,
  world,
  keySets,
}) => {
  const first = await createServer(world, keySets);
  const second = await createServer(world, keySets, { name: 'The second' });
  const acting = both.as(await actingUnder(both, await lend(both), both.granteeAdmin.actor));
  const update = { ...serverCommand(first), ...NOTHING_CHANGED, jwksUrl: `${keySets.origin}/other` };
  const [, other] = both.lent;
  const before = await readRows(both.keyward.database);
  const asked = keySets.asked.length;
  const commands = {
    create: () => createAuthorizationServer(acting, serverInput(world, keySets, { organization: other })),
    update: () => updateAuthorizationServer(acting, update),
    enable: () => enableAuthorizationServer(acting, serverCommand(second)),
  };
  for (const [name, command] of Object.entries(commands)) {
    expect([name, (await refusalOf(command)).code]).toEqual([name, 'FORBIDDEN']);
  }
  expect(await readRows(both.keyward.database)).toEqual(before);
  expect(keySets.asked).toHaveLength(asked);

  await disableAuthorizationServer(acting, serverCommand(first));
  await deleteAuthorizationServer(acting, serverCommand(second));
  const ofOrganization = world.as(world.orgAdmin);
  expect(await lookUpAuthorizationServer(ofOrganization, first)).toMatchObject({ isEnabled: false });
  expect(await lookUpAuthorizationServer(ofOrganization, second)).toBeNull();
});

import { expect } from 'vitest';
import {
  type AuditEventFilter,
  countAuditEvents,
  listAuditEvents,
  listAuditEventsAfter,
} from '../../../src/audit/list-audit-events.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { ServiceProviderRef } from '../../../src/ids.ts';
import { commandInput, commands, type KeyWorld, test } from '../../support/key-world.ts';

const REVEALED: AuditEventFilter = {
  serviceProvider: null,
  organization: null,
  actorId: null,
  actions: ['api_key.reveal'],
  refused: null,
  since: null,
  until: null,
};

/** Whose reveals of keys are in the trail, by the list, the file and the count, which must agree. */
async function revealedBy(world: KeyWorld, actor: Actor, serviceProvider: ServiceProviderRef | null) {
  const ctx = world.as(actor);
  const filter = { ...REVEALED, serviceProvider };
  const { items } = await listAuditEvents(ctx, filter, { first: 50, after: null });
  expect(await listAuditEventsAfter(ctx, filter, null, 50)).toEqual(items.toReversed());
  expect(await countAuditEvents(ctx, filter)).toBe(items.length);
  return items.map(({ actorName }) => actorName);
}

test('the trail of a provider has what happened there and below, and nothing is told of one out of sight', async ({
  world,
}) => {
  const { root, reseller, otherReseller, foreignRoot } = world.tenants;
  await commands.REVEAL(world.as(world.parentAdmin), commandInput(world.organization));
  const revealed = [world.parentAdmin.displayName];
  for (const actor of [world.parentAdmin, world.platformAdmin]) {
    expect(await revealedBy(world, actor, root)).toEqual(revealed);
    expect(await revealedBy(world, actor, reseller)).toEqual(revealed);
    expect(await revealedBy(world, actor, otherReseller)).toEqual([]);
    expect(await revealedBy(world, actor, foreignRoot)).toEqual([]);
  }
  expect(await revealedBy(world, world.providerAdmin, null)).toEqual(revealed);
  expect(await revealedBy(world, world.providerAdmin, reseller)).toEqual(revealed);
  // It would tell that the root is above them.
  expect(await revealedBy(world, world.providerAdmin, root)).toEqual([]);
});

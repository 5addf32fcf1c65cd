import { describe, expect } from 'vitest';
import {
  type BulkCommandKind,
  bulkCommandKinds,
  permissionForKind,
} from '../../../src/bulk-operation/bulk-operation.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { bulkCommands, command } from '../../support/bulk-commands.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { disableAs, testWithFleet as test } from '../../support/small-fleet.ts';
import { bulkTarget } from '../../support/sync.ts';

/** What a command of that kind finds to do in a fleet as it is made. */
async function arrange(world: KeyWorld, kind: BulkCommandKind, refs: readonly OrganizationRef[]): Promise<void> {
  if (kind === 'ENABLE_API_KEY') await disableAs(world, 'providerAdmin', refs);
}

async function rowsOf({ keyward }: KeyWorld, refs: readonly OrganizationRef[]) {
  const ids = [refs.map(({ organizationId }) => organizationId)];
  const read = (sql: string) => keyward.database.query(sql, ids);
  return {
    slots: await read('select * from api_key where organization_id = any ($1) order by organization_id, kind'),
    disablements: await read('select * from disablement where organization_id = any ($1) order by organization_id'),
    subscriptions: await read('select * from subscription where organization_id = any ($1) order by id'),
    trail: await read('select id from audit_event where organization_id = any ($1) order by id'),
  };
}

describe.for(bulkCommandKinds)('%s', (kind) => {
  const { many, actions } = bulkCommands[kind];

  test('of few organizations is done when it is answered, with one audit row each', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const ctx = world.as(world.providerAdmin);
    const { operation, results } = await command(ctx, kind, bulkTarget(fleet));
    expect(operation).toMatchObject({ kind, status: 'SUCCEEDED', total: 3, changed: 3, unchanged: 0, refused: 0 });
    expect(results.map(({ outcome }) => outcome)).toEqual(['CHANGED', 'CHANGED', 'CHANGED']);
    const rows = await world.keyward.database.query<{ action: string }>(
      'select action from audit_event where request_id = $1',
      [ctx.requestId],
    );
    const ofTheWhole = ['bulk_operation.finish', 'bulk_operation.start'];
    expect(rows.map(({ action }) => action).sort()).toEqual([...fleet.map(() => actions.many), ...ofTheWhole].sort());
  });

  test('finds the organizations of a filter when it starts', async ({ world, fleet }) => {
    await arrange(world, kind, [world.organization, ...fleet]);
    const filter = { ...WHOLE_FLEET, subscriptionStatus: ['ACTIVE'] as const, serviceProvider: world.tenants.reseller };
    const { operation } = await command(world.as(world.parentAdmin), kind, bulkTarget(null, { filter }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 4, changed: 4 });
  });

  test('refuses foreign ids and unknown ones alike, each on its own', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const { platformAdmin, otherReseller } = world.tenants;
    const foreign = await createTestOrganization(world.keyward.services, platformAdmin, otherReseller);
    const target = bulkTarget([...fleet, foreign], { atomicity: 'PER_ORGANIZATION' });
    const organizations = [...(target.organizations ?? []), { text: 'nothing at all', ref: null }];
    const before = await rowsOf(world, [foreign]);
    const { operation, results } = await command(world.as(world.providerAdmin), kind, { ...target, organizations });
    expect(operation).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', total: 5, changed: 3, refused: 2 });
    const refused = results.filter(({ outcome }) => outcome === 'REFUSED');
    expect(refused.map(({ code, organizationId }) => [code, organizationId])).toEqual([
      ['NOT_FOUND', null],
      ['NOT_FOUND', null],
    ]);
    expect(new Set(refused.map(({ message }) => message)).size).toBe(1);
    expect(await rowsOf(world, [foreign])).toEqual(before);
  });

  test('writes nothing in a dry run', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const before = await rowsOf(world, fleet);
    const { operation } = await command(world.as(world.providerAdmin), kind, bulkTarget(fleet, { dryRun: true }));
    expect(operation).toMatchObject({ dryRun: true, status: 'SUCCEEDED', changed: 3 });
    expect(await rowsOf(world, fleet)).toEqual(before);
  });

  test('is done once under one idempotency key', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const target = bulkTarget(fleet, { idempotencyKey: 'once' });
    const ref = await many(world.as(world.providerAdmin), target);
    const after = await rowsOf(world, fleet);
    expect(await many(world.as(world.providerAdmin), target)).toEqual(ref);
    expect(await rowsOf(world, fleet)).toEqual(after);
    const other = { ...target, atomicity: 'PER_ORGANIZATION' } as const;
    await expect(many(world.as(world.providerAdmin), other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('is refused without a target, with two, and with one that is empty or too large', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const nobody = { ...WHOLE_FLEET, search: 'no organization is called like this' };
    const tooMany = Array.from({ length: 100_001 }, (_, index) => ({ text: String(index), ref: null }));
    const targets = [
      [bulkTarget(null), 'VALIDATION_FAILED'],
      [bulkTarget([]), 'VALIDATION_FAILED'],
      [bulkTarget(fleet, { filter: WHOLE_FLEET }), 'VALIDATION_FAILED'],
      [bulkTarget(null, { filter: nobody }), 'VALIDATION_FAILED'],
      [bulkTarget(null, { organizations: tooMany }), 'TOO_MANY_TARGETS'],
    ] as const;
    for (const [target, code] of targets) await expect(many(ctx, target)).rejects.toMatchObject({ code });
    const { database } = world.keyward;
    expect(await database.query('select from bulk_operation where created_by_id = $1', [ctx.actor.id])).toEqual([]);
    expect(
      await database.query('select action, result from audit_event where request_id = $1 order by id', [ctx.requestId]),
    ).toEqual(targets.map(([, result]) => ({ action: actions.many, result })));
  });

  test('is for staff above the organizations who hold the permission', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const before = await rowsOf(world, fleet);
    const isAllowed = ({ permissions }: KeyWorld['providerAdmin']) => permissions.has(permissionForKind[kind]);
    const people = [world.providerSupport, world.providerViewer, world.platformSupport].filter(
      (one) => !isAllowed(one),
    );
    const orgAdmin = { ...world.orgAdmin, permissions: world.providerAdmin.permissions };
    for (const actor of [...people, world.orgAdmin, orgAdmin]) {
      await expect(many(world.as(actor), bulkTarget(fleet))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await rowsOf(world, fleet)).toEqual(before);
    expect(
      (await command(world.as(world.platformAdmin), kind, bulkTarget(fleet, { dryRun: true }))).operation.total,
    ).toBe(3);
  });

  test('leaves nothing behind when its audit rows cannot be written', async ({ world, fleet }) => {
    await arrange(world, kind, fleet);
    const before = await rowsOf(world, fleet);
    const { database } = world.keyward;
    await database.query(`alter table audit_event add constraint broken check (action <> '${actions.many}') not valid`);
    try {
      await expect(many(world.as(world.providerAdmin), bulkTarget(fleet))).rejects.toThrow('constraint "broken"');
    } finally {
      await database.query('alter table audit_event drop constraint broken');
    }
    expect(await rowsOf(world, fleet)).toEqual(before);
  });
});

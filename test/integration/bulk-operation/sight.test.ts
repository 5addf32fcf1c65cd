import { describe, expect } from 'vitest';
import {
  cancelBulkOperation,
  listBulkOperations,
  lookUpBulkOperation,
} from '../../../src/bulk-operation/bulk-operation.service.ts';
import { syncApiKey } from '../../../src/bulk-operation/sync-api-key.service.ts';
import { acceptDelegation } from '../../../src/delegation/answer-delegation.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { BulkOperationRef } from '../../../src/ids.ts';
import { askForApproval } from '../../support/approvals.ts';
import { actingUnder, type DelegationWorld, grant, lend, test } from '../../support/delegations.ts';
import type { Person } from '../../support/key-world.ts';
import { readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const PAGE = { first: 50, after: null };

/** By its id and by the list, which must agree. */
async function sees(both: DelegationWorld, actor: Actor, { bulkOperationId, ...ref }: BulkOperationRef) {
  const ctx = both.as(actor);
  const found = await lookUpBulkOperation(ctx, { ...ref, bulkOperationId });
  const { items } = await listBulkOperations(ctx, { which: 'ALL', serviceProvider: null }, PAGE);
  const isListed = items.some(({ id }) => id === bulkOperationId);
  expect(found !== null, 'found by its id, and listed').toBe(isListed);
  return isListed;
}

/** Who sees what whom started. */
const sight: readonly [startedBy: Person, seenBy: readonly Person[]][] = [
  [
    'providerAdmin',
    ['providerAdmin', 'providerSupport', 'providerViewer', 'parentAdmin', 'platformAdmin', 'platformSupport'],
  ],
  ['parentAdmin', ['parentAdmin', 'platformAdmin', 'platformSupport']],
  ['siblingAdmin', ['siblingAdmin', 'parentAdmin', 'platformAdmin', 'platformSupport']],
  ['foreignAdmin', ['foreignAdmin', 'platformAdmin', 'platformSupport']],
  ['platformAdmin', ['platformAdmin', 'platformSupport']],
];

describe('an operation is seen where it was started and above, and nowhere else', () => {
  test.for(sight)('started by %s', async ([startedBy, seenBy], { both }) => {
    const organizations = [{ text: 'no id at all', ref: null }];
    const { ref } = await sync(both.as(both[startedBy]), { ...syncInput(null), organizations });
    const seeing: string[] = [];
    for (const person of Object.keys(both.people) as Person[]) {
      if (await sees(both, both[person], ref)) seeing.push(person);
    }
    expect(seeing.sort()).toEqual([...seenBy].sort());
  });
});

describe('under a delegation', () => {
  test('a sync reaches the organizations that were lent, and is written down on behalf of the lender', async ({
    both,
  }) => {
    const { services, database } = both.keyward;
    const before = await readStrings(services, both.notLent);
    const actor = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const ctx = both.as(actor);
    const input = syncInput([...both.lent, ...both.notLent], { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    const { operation, results } = await sync(ctx, input);
    expect(operation).toMatchObject({ changed: 3, refused: 2, createdById: actor.id, onBehalfOf: actor.onBehalfOf });
    const refused = results.filter(({ outcome }) => outcome === 'REFUSED');
    expect(refused.map(({ code, organizationId }) => [code, organizationId])).toEqual([
      ['NOT_FOUND', null],
      ['NOT_FOUND', null],
    ]);
    expect(await readStrings(services, both.lent)).toEqual([KEY, KEY, KEY]);
    expect(await readStrings(services, both.notLent)).toEqual(before);
    const rows = await database.query<{ organization_id: string; root: string; by: string; on_behalf_of: string }>(
      `select organization_id, root_provider_id as root, actor_id as by, on_behalf_of from audit_event
       where request_id = $1 and action = 'api_key.sync' and result = 'OK'`,
      [ctx.requestId],
    );
    expect(rows.map((row) => row.organization_id).sort()).toEqual(both.lent.map((ref) => ref.organizationId).sort());
    const { rootProviderId: root } = both.grantor;
    for (const row of rows) expect(row).toMatchObject({ root, by: actor.id, on_behalf_of: actor.onBehalfOf });
    expect(actor.onBehalfOf).not.toBeNull();
  });

  test('a filter finds what was lent and no more', async ({ both }) => {
    const { services } = both.keyward;
    const before = await readStrings(services, both.notLent);
    const actor = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const { operation } = await sync(both.as(actor), syncInput(null, { filter: WHOLE_FLEET, newKey: KEY }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 3, changed: 3 });
    expect(await readStrings(services, both.notLent)).toEqual(before);
  });

  test('a role that may not sync does not', async ({ both }) => {
    const actor = await actingUnder(both, await lend(both, { role: 'PROVIDER_SUPPORT' }), both.granteeAdmin.actor);
    await expect(syncApiKey(both.as(actor), syncInput(both.lent))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('another borrower, who was lent some of the organizations, neither sees nor cancels it', async ({ both }) => {
    await askForApproval(both, both.grantor, 0);
    const actor = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const { ref } = await sync(both.as(actor), syncInput(both.lent, { newKey: KEY }));
    const [first] = both.lent;
    const stranger = both.strangers['staff of a third root']?.actor;
    if (stranger === undefined) throw new Error('there is a third root');
    const { rootProviderId } = stranger.home;
    const grantee = { rootProviderId, serviceProviderId: rootProviderId };
    const lentToOther = await grant(both, { grantee, organizations: [first] });
    await acceptDelegation(both.as(stranger), { delegation: lentToOther, idempotencyKey: null });
    const other = await actingUnder(both, lentToOther, stranger);
    expect(await sees(both, other, ref)).toBe(false);
    await expect(cancelBulkOperation(both.as(other), { operation: ref })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sees(both, actor, ref)).toBe(true);
    expect(await cancelBulkOperation(both.as(actor), { operation: ref })).toEqual(ref);
  });

  test('the lender sees the operation, the borrower only under it, and nobody else of either', async ({ both }) => {
    const delegation = await lend(both);
    const actor = await actingUnder(both, delegation, both.granteeAdmin.actor);
    const { ref } = await sync(both.as(actor), syncInput(both.lent, { newKey: KEY }));
    expect(await sees(both, actor, ref)).toBe(true);
    for (const person of ['providerAdmin', 'providerViewer', 'parentAdmin', 'platformAdmin'] as const) {
      expect(await sees(both, both[person], ref), person).toBe(true);
    }
    expect(await sees(both, both.granteeAdmin.actor, ref)).toBe(false);
    for (const [name, { actor: stranger }] of Object.entries(both.strangers)) {
      expect(await sees(both, stranger, ref), name).toBe(false);
    }
  });
});

import { describe, expect } from 'vitest';
import { listAuditEventsAfter } from '../../../src/audit/list-audit-events.ts';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { syncApiKey } from '../../../src/bulk-operation/sync-api-key.service.ts';
import type { RequestContext } from '../../../src/context.ts';
import { exportFleet } from '../../../src/fleet/export-fleet.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { askForApproval } from '../../support/approvals.ts';
import { actingUnder, type DelegationWorld, lend, test } from '../../support/delegations.ts';
import { bulkTarget, readOperation, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const EVERYTHING = { serviceProvider: null, organization: null, actorId: null, actions: null, refused: null };

interface Written {
  readonly action: string;
  readonly result: string;
  readonly organization_id: string | null;
}

/** What a request, and what it began, has in the trail. */
function trailOf({ keyward }: DelegationWorld, { requestId }: RequestContext): Promise<Written[]> {
  return keyward.database.query<Written>(
    'select action, result, organization_id from audit_event where request_id = $1 order by id',
    [requestId],
  );
}

/** What somebody reads of a request in the trail. */
async function readBy(both: DelegationWorld, actor: Actor, { requestId }: RequestContext): Promise<string[]> {
  const filter = { ...EVERYTHING, since: null, until: null };
  const events = await listAuditEventsAfter(both.as(actor), filter, null, 10_000);
  return events.filter((event) => event.requestId === requestId).map(({ action }) => action);
}

describe('what is done under a delegation to none of the lent organizations', () => {
  test('is read by staff of the grantor, and by nobody of a lent organization', async ({ both }) => {
    const ctx = both.as(await actingUnder(both, await lend(both), both.granteeAdmin.actor));
    const input = syncInput([...both.lent, ...both.notLent], { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    await sync(ctx, input);
    await exportFleet(ctx, { filter: WHOLE_FLEET, format: 'csv', columns: ['name'], authenticate: async () => ctx });
    const ofNone = (await trailOf(both, ctx)).filter((row) => row.organization_id === null);
    expect(ofNone).toMatchObject([
      { action: 'bulk_operation.start' },
      { action: 'api_key.sync', result: 'NOT_FOUND' },
      { action: 'api_key.sync', result: 'NOT_FOUND' },
      { action: 'bulk_operation.finish' },
      { action: 'organization.export' },
    ]);
    expect(await readBy(both, both.orgAdmin, ctx)).toEqual(['api_key.sync']);
    expect(await readBy(both, ctx.actor, ctx)).toHaveLength(both.lent.length);
    expect(await readBy(both, both.providerAdmin, ctx)).toHaveLength(both.lent.length + ofNone.length);
  });

  test('is so as well of many ids that name nothing, all at once, in the background', async ({ both }) => {
    const ctx = both.as(await actingUnder(both, await lend(both), both.granteeAdmin.actor));
    const nothing = Array.from({ length: 3200 }, (_, index) => ({ text: `nothing-${index}`, ref: null }));
    const organizations = [...(bulkTarget(both.lent).organizations ?? []), ...nothing];
    const before = await readStrings(both.keyward.services, both.lent);
    const { operation } = await syncApiKey(ctx, { ...syncInput(null, { newKey: KEY }), organizations });
    await runBulkOperation(both.keyward.services, operation);
    expect(await readOperation(ctx, operation)).toMatchObject({ status: 'FAILED', refused: nothing.length });
    const rows = await trailOf(both, ctx);
    const refusals = rows.filter(({ result }) => result === 'NOT_FOUND');
    expect(refusals).toHaveLength(nothing.length);
    expect(rows.filter((row) => row.organization_id !== null)).toEqual([]);
    expect(await readStrings(both.keyward.services, both.lent)).toEqual(before);
  });

  test('is so as well of what is cancelled', async ({ both }) => {
    await askForApproval(both, both.grantor, 0);
    const ctx = both.as(await actingUnder(both, await lend(both), both.granteeAdmin.actor));
    const { operation } = await syncApiKey(ctx, syncInput(both.lent, { newKey: KEY }));
    await cancelBulkOperation(ctx, { operation });
    const rows = await trailOf(both, ctx);
    expect(rows.map(({ action }) => action)).toContain('bulk_operation.cancel');
    expect(rows.map((row) => row.organization_id).filter((id) => id !== null)).toEqual([]);
  });
});

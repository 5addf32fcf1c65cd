import { expect } from 'vitest';
import { approveBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { askForApproval, decision } from '../../support/approvals.ts';
import { actingUnder, lend, test } from '../../support/delegations.ts';
import { createStaff } from '../../support/fixtures.ts';
import { readOperation, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';

test('what is done under a delegation waits for somebody of the provider that lent it, by its own rule', async ({
  both,
}) => {
  const { services } = both.keyward;
  await askForApproval(both, both.tenants.root, 2); // above the grantor, and unknown to the grantee
  const delegation = await lend(both);
  const delegate = await actingUnder(both, delegation, both.granteeAdmin.actor);
  const colleague = (await createStaff(services, 'PROVIDER_ADMIN', both.grantee)).actor;
  const { ref, operation } = await sync(both.as(delegate), syncInput(both.lent, { newKey: KEY }));
  expect(operation).toMatchObject({ status: 'PENDING', approval: 'PENDING', total: 3, changed: 3 });
  const refused = [
    [delegate, 'FORBIDDEN'],
    [await actingUnder(both, delegation, colleague), 'FORBIDDEN'],
    [colleague, 'NOT_FOUND'],
    [both.orgAdmin, 'FORBIDDEN'],
  ] as const;
  for (const [actor, code] of refused) {
    await expect(approveBulkOperation(both.as(actor), decision(ref))).rejects.toMatchObject({ code });
  }
  await approveBulkOperation(both.as(both.providerAdmin), decision(ref));
  await runBulkOperation(services, ref);
  expect(await readOperation(both.as(both.providerAdmin), ref)).toMatchObject({ status: 'SUCCEEDED', changed: 3 });
  expect(await readStrings(services, both.lent)).toEqual([KEY, KEY, KEY]);
});

import type { Page } from 'playwright-core';
import { addGroup, deleteGroup } from './automation.ts';
import { settled, test } from './console.ts';
import { ACTIVE, askAs, button, dialog, find } from './key.ts';
import { choose, rowOf } from './people.ts';
import { openApproval } from './sync-steps.ts';

// What is refused and about no field of the form.

/** Whatever waits to be approved is rejected by somebody else. */
async function rejectAll(page: Page): Promise<void> {
  const waiting = '{ bulkOperations(first: 50, awaitingMyApproval: true) { nodes { id } } }';
  const { bulkOperations } = await askAs<{ bulkOperations: { nodes: { id: string }[] } }>(page, waiting, {});
  const reject =
    'mutation($input: RejectBulkOperationInput!) { rejectBulkOperation(input: $input) { userErrors { message } } }';
  for (const { id } of bulkOperations.nodes) {
    await askAs(page, reject, { input: { bulkOperationId: id, note: 'Not now.' } });
  }
}

test('an approval that came too late says so', { timeout: 60_000 }, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await openApproval(page);
  await page.getByRole('button', { name: 'Approve' }).first().click();
  await rejectAll(page);
  await dialog(page).getByRole('button', { name: 'Approve operation' }).click();
  await page.getByRole('alert').getByText('APPROVAL_CLOSED').waitFor();
});

test('what was deleted meanwhile can be neither renamed nor deleted, and says so', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync/groups');
  await settled(page);
  const ids = (await find(page, ACTIVE)).slice(0, 2).map(({ id }) => id);
  for (const [action, verb] of [
    ['Rename', 'Rename group'],
    ['Delete', 'Delete group'],
  ] as const) {
    const name = `Pilot customers to ${action.toLowerCase()}`;
    const groupId = await addGroup(page, name, ids);
    await page.reload();
    await settled(page);
    await choose(page, name, action);
    await deleteGroup(page, groupId);
    await button(page, verb).click();
    await page.getByRole('alert').getByText('Nothing with this id exists here').waitFor();
    await page.reload();
    await settled(page);
    await rowOf(page, name).waitFor({ state: 'detached' });
  }
});

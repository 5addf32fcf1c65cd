import type { Page } from 'playwright-core';
import { ownProvider } from './automation.ts';
import { settled } from './console.ts';
import { askAs } from './key.ts';

const START = `mutation($input: SyncApiKeyInput!) { syncApiKey(input: $input) { operation { id total } userErrors { message } } }`;

interface StartedSync {
  readonly syncApiKey: { readonly operation: { readonly id: string; readonly total: number } };
}

/** A sync by whoever is signed in on the page. */
export async function startSync(
  page: Page,
  input: Readonly<Record<string, unknown>>,
): Promise<{ id: string; total: number }> {
  const { syncApiKey } = await askAs<StartedSync>(page, START, { input });
  return syncApiKey.operation;
}

/** What somebody is asked before it happens: typed as it is shown. */
export async function typeCount(page: Page): Promise<number> {
  const field = page.getByLabel(/^Type .* to confirm$/);
  const label = (await page.getByText(/^Type .* to confirm$/).textContent()) ?? '';
  const [, count = ''] = /Type (\S+) to confirm/.exec(label) ?? [];
  await field.fill(count);
  return Number(count.replace(/,/g, ''));
}

/** The provider of whoever is signed in asks for a second person above so many; null: for none. */
export async function setApprovalAbove(page: Page, approvalAbove: number | null): Promise<void> {
  await askAs(
    page,
    'mutation($input: SetApprovalAboveInput!) { setApprovalAbove(input: $input) { userErrors { message } } }',
    { input: { serviceProviderId: await ownProvider(page), approvalAbove } },
  );
}

const PASSWORD = 'a long walk by the sea';

interface Newcomer {
  readonly displayName: string;
  readonly role: string;
  readonly serviceProviderId: string;
}

/** Lets somebody new take the place of the administrator on the page. */
export async function becomeNew(page: Page, newcomer: Newcomer): Promise<void> {
  const username = `${newcomer.displayName.toLowerCase().replaceAll(' ', '.')}@${Date.now()}.example`;
  const { createStaffMember } = await askAs<{ createStaffMember: { password: string } }>(
    page,
    'mutation($input: CreateStaffMemberInput!) { createStaffMember(input: $input) { password userErrors { message } } }',
    { input: { ...newcomer, username } },
  );
  const { origin } = new URL(page.url());
  const change = { username, currentPassword: createStaffMember.password, newPassword: PASSWORD };
  await page.context().request.post(`${origin}/auth/password`, { data: change });
  await page.context().request.post(`${origin}/auth/session`, { data: { username, password: PASSWORD } });
}

/** Lets a second administrator of the provider take the place of the first on the page. */
export async function becomeColleague(page: Page): Promise<void> {
  const serviceProviderId = await ownProvider(page);
  await becomeNew(page, { displayName: 'Signe Aaberg', role: 'PROVIDER_ADMIN', serviceProviderId });
}

/** An operation that somebody else has started and the one on the page is to decide. */
export async function openApproval(page: Page): Promise<void> {
  await settled(page);
  await setApprovalAbove(page, 5);
  await startSync(page, {
    filter: { apiKeyStatus: ['ENABLED'], subscriptionStatus: ['ACTIVE'] },
    atomicity: 'PER_ORGANIZATION',
  });
  await setApprovalAbove(page, null);
  await becomeColleague(page);
  await page.goto(new URL('/sync/approvals', page.url()).href);
  await page.getByRole('button', { name: 'Approve' }).first().waitFor();
}

/** To the review of a sync of all whose keys work, and of one more kind that refuses. */
export async function review(page: Page): Promise<void> {
  await settled(page);
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByText('Would change').waitFor();
}

/** The first few rows of a table are selected. */
export async function selectRows(page: Page, count: number): Promise<void> {
  await settled(page);
  for (let index = 0; index < count; index++) {
    await page.locator('tr[data-row]').nth(index).getByRole('checkbox').check();
  }
}

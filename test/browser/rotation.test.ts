import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { ownOrganization } from './api-clients.ts';
import { addGroup, addPolicy, deleteGroup, goTo, openOverlap, overlapOn, ownProvider, planFor } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, askAs, button, dialog, find } from './key.ts';
import { choose, rowOf } from './people.ts';

test('a policy is added, switched off and deleted by its name; what it makes due is a link into the table', {
  timeout: 60_000,
}, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/rotation');
  await settled(page);
  await page.getByRole('button', { name: 'Add policy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a rotation policy' });
  await dialog.getByLabel('Name').fill('Daily keys');
  await dialog.getByLabel('Maximum age, in days').fill('1');
  const add = dialog.getByRole('button', { name: 'Add policy' });
  await add.click();
  await dialog.getByText(/shorter than maximumAgeDays/).waitFor();
  await dialog.getByLabel('Told ahead, in days').fill('soon');
  expect(await add.isDisabled()).toBe(true);
  await dialog.getByLabel('Told ahead, in days').fill('');
  await dialog.getByRole('radio', { name: 'In a window alone' }).check();
  await dialog.getByRole('checkbox', { name: 'Sat' }).uncheck();
  await add.click();
  await rowOf(page, 'Daily keys')
    .getByText(/^Sun 01:00 to 05:00/)
    .waitFor();

  const due = page.getByRole('list', { name: 'Keys to be rotated' }).getByRole('link', { name: /^Due/ });
  await expect.poll(async () => Number((await due.locator('b').textContent())?.replace(',', ''))).toBeGreaterThan(0);
  await due.click();
  await page.getByText('Rotation: Due').waitFor();
  await page.locator('tr[data-row]').first().waitFor();

  await page.goBack();
  await choose(page, 'Daily keys', 'Switch off');
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off policy' }).click();
  await rowOf(page, 'Daily keys').getByText('Switched off').waitFor();
  await choose(page, 'Daily keys', 'Delete');
  await page.getByLabel(/^Type/).fill('Daily keys');
  await page.getByRole('button', { name: 'Delete policy' }).click();
  await page.getByRole('heading', { name: 'No rotation policies yet' }).waitFor();
});

test('a rotation is planned by filter with its dry run, is listed until its time, and is cancelled', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', '/rotation/plan');
  await settled(page);
  const [first] = await find(page, ACTIVE);
  await goTo(page, site, `/rotation/plan?key=ENABLED&q=${encodeURIComponent(first?.name ?? '')}`);
  await page.getByRole('radio', { name: 'One new key for all' }).check();
  await page.getByRole('radio', { name: 'Change the others' }).check();
  await page.getByLabel('When (UTC)').fill('2020-01-01T00:00');
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByText('Give a time that is to come, within a year.').waitFor();
  await page.getByLabel('When (UTC)').fill(new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 16));
  await page.getByRole('button', { name: 'See what would happen' }).click();
  const confirm = page.getByLabel(/^Type/);
  const count = (await page.locator('label b').textContent()) ?? '';
  await confirm.fill(count);
  await page.getByRole('button', { name: /^Plan for/ }).click();
  await page.getByText('Nothing is changed before.').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.waitForURL('**/rotation/planned');
  const row = page.locator('tr[data-row]').filter({ hasText: 'One for all' });
  await row.getByText('Planned', { exact: true }).waitFor();
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Cancel rotation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel rotation' }).click();
  await page.getByRole('heading', { name: 'No rotation is planned' }).waitFor();
});

test('the key page says when it is due and by which policy, and an overlap until it is ended', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', '/settings/provider');
  await settled(page);
  await page.getByRole('switch', { name: 'Rotations may let the old key work on for a while' }).click();
  await page.getByRole('button', { name: 'Save overlap' }).click();
  await page.getByText('an old key may work on for up to 4 hours').first().waitFor();
  await addPolicy(page, 'Quarterly', { maximumAgeDays: 90 });
  const id = await openOverlap(page, 0);
  const until = page.getByText(/^Overlap until \d+ \w+ \d{4}$/);
  const { name = '' } = (await find(page, ACTIVE)).find((each) => each.id === id) ?? {};
  await goTo(page, site, `/organizations?q=${encodeURIComponent(name)}`);
  await rowOf(page, name).filter({ has: until }).waitFor();
  await goTo(page, site, `/organizations/${id}/key`);
  await page.getByRole('link', { name: 'Quarterly' }).waitFor();
  // In the head, and on the card of the key.
  await expect.poll(() => until.count()).toBe(2);
  const banner = page.getByRole('region', { name: 'Overlap' });
  await banner.getByText('The new string has not been used yet').waitFor();
  await banner.getByRole('button', { name: 'End overlap' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End overlap' }).click();
  await banner.waitFor({ state: 'detached' });
  await expect.poll(() => until.count()).toBe(0);
});

test.for(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER'] as const)(
  '%s sees policies and plans, and is offered to make none',
  async (role, { open, site }) => {
    const admin = await open('PROVIDER_ADMIN', '/rotation');
    await settled(admin);
    await addPolicy(admin, `Seen by ${role}`, { maximumAgeDays: 365 });
    const page = await open(role, '/rotation');
    await settled(page);
    const isOwn = (await ownProvider(page)) === (await ownProvider(admin));
    if (isOwn) await rowOf(page, `Seen by ${role}`).waitFor();
    expect(await page.getByRole('button', { name: 'Add policy' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Plan a rotation' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
    await goTo(page, site, '/rotation/plan');
    await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  },
);

test('an organization has no rotation screen', async ({ open }) => {
  const page = await open('ORG_ADMIN', '/rotation');
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  expect(await page.getByRole('link', { name: 'Rotation', exact: true }).count()).toBe(0);
});

test('what somebody else does is on the screen without a reload', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/rotation/planned');
  await settled(page);
  await page.getByRole('heading', { name: 'No rotation is planned' }).waitFor();
  const admin = await open('PROVIDER_ADMIN', '/organizations');
  await settled(admin);
  const [first] = await find(admin, ACTIVE);
  await planFor(admin, new Date(Date.now() + 86_400_000), { organizationIds: [first?.id] });
  await page.getByRole('table', { name: 'Planned rotations' }).waitFor({ timeout: 20_000 });
});

/** Which policy an organization's key goes by; null: none. */
async function policyOf(page: Page, id: string): Promise<string | null> {
  const query = 'query($id: ID!) { organization(id: $id) { apiKey { rotation { policy { name } } } } }';
  type Answer = { organization: { apiKey: { rotation: { policy: { name: string } | null } | null } } };
  const { organization } = await askAs<Answer>(page, query, { id });
  return organization.apiKey.rotation?.policy?.name ?? null;
}

test('a policy is for a saved group or one organization, the nearest holds, and it goes with its group', {
  timeout: 60_000,
}, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/rotation');
  await settled(page);
  const organizations = await find(page, { ...ACTIVE, serviceProviderId: await ownProvider(page) });
  const [one, other, outside] = organizations.slice(-3);
  const before = await policyOf(page, outside?.id ?? '');
  const groupId = await addGroup(page, 'Clinics', [one?.id ?? '', other?.id ?? '']);

  const add = dialog(page).getByRole('button', { name: 'Add policy' });
  await button(page, 'Add policy').first().click();
  await dialog(page).getByLabel('Name').fill('Clinics yearly');
  await dialog(page).getByLabel('Maximum age, in days').fill('365');
  await dialog(page).getByRole('radio', { name: 'A saved group' }).check();
  expect(await add.isDisabled()).toBe(true);
  await dialog(page).getByRole('combobox', { name: 'Saved group' }).click();
  await page.getByRole('option', { name: 'Clinics (2 organizations)' }).click();
  await add.click();
  await rowOf(page, 'Clinics yearly').getByText('Group Clinics').waitFor();

  await button(page, 'Add policy').click();
  await dialog(page).getByLabel('Name').fill('By contract');
  await dialog(page).getByLabel('Maximum age, in days').fill('730');
  await dialog(page).getByRole('radio', { name: 'One organization' }).check();
  expect(await add.isDisabled()).toBe(true);
  await dialog(page)
    .getByRole('combobox', { name: 'Organization' })
    .fill(one?.name ?? '');
  await page.getByRole('option', { name: one?.name ?? '', exact: true }).click();
  await add.click();
  await rowOf(page, 'By contract').getByText(`Organization ${one?.name}`).waitFor();
  await expect.poll(() => policyOf(page, one?.id ?? '')).toBe('By contract');
  await expect.poll(() => policyOf(page, other?.id ?? '')).toBe('Clinics yearly');
  expect(await policyOf(page, outside?.id ?? '')).toBe(before);

  await choose(page, 'By contract', 'Delete');
  expect(await dialog(page).getByRole('button', { name: 'Delete policy' }).isDisabled()).toBe(true);
  await dialog(page).getByLabel(/^Type/).fill('By contract');
  await dialog(page).getByRole('button', { name: 'Delete policy' }).click();
  await rowOf(page, 'By contract').waitFor({ state: 'detached' });
  await expect.poll(() => policyOf(page, one?.id ?? '')).toBe('Clinics yearly');

  await deleteGroup(page, groupId);
  await page.reload();
  await rowOf(page, 'Clinics yearly').getByText('A group that is gone').waitFor();
  await rowOf(page, 'Clinics yearly').getByText('Ended').waitFor();
  await choose(page, 'Clinics yearly', 'Delete');
  await dialog(page).getByLabel(/^Type/).fill('Clinics yearly');
  await dialog(page).getByRole('button', { name: 'Delete policy' }).click();
  await rowOf(page, 'Clinics yearly').waitFor({ state: 'detached' });
});

test('an organization is told of its rotation and ends an overlap; whoever may only look is told as much', {
  timeout: 60_000,
}, async ({ open, site }) => {
  const own = await open('ORG_ADMIN', AWAY);
  const id = await ownOrganization(own);
  const admin = await open('PROVIDER_ADMIN', AWAY);
  await addPolicy(admin, 'Every two years', { maximumAgeDays: 730 });
  await overlapOn(admin, id);

  const viewer = await open('PROVIDER_VIEWER', `/organizations/${id}/key`);
  const seen = viewer.getByRole('region', { name: 'Overlap' });
  await seen.getByRole('heading', { name: /^Two strings work until .+ UTC$/ }).waitFor();
  expect(await seen.getByRole('button').count()).toBe(0);
  const offered = viewer
    .getByRole('main')
    .getByRole('button', { name: /^(Reveal|Copy key|Edit|Regenerate|Delete|Dis)/ });
  expect(await offered.count()).toBe(0);

  await goTo(own, site, `/organizations/${id}/key`);
  // Who made the policy is out of its sight, and so is the screen of policies.
  await own.getByText(/^Due .+, to be done by hand$/).waitFor();
  expect(await own.getByRole('main').getByRole('link', { name: 'Every two years' }).count()).toBe(0);
  const banner = own.getByRole('region', { name: 'Overlap' });
  for (const name of ['Reveal key', 'Edit', 'Regenerate', 'Delete']) {
    expect(await button(own, name).getAttribute('aria-disabled'), name).toBeNull();
  }
  expect(await button(own, 'Disable').count()).toBe(0);
  await banner.getByRole('button', { name: 'End overlap' }).click();
  await dialog(own).getByText('The old string stops working at once').waitFor();
  await dialog(own).getByText('Nobody has used the new string yet').waitFor();
  await dialog(own).getByRole('button', { name: 'Cancel' }).click();
  await dialog(own).waitFor({ state: 'detached' });
  await banner.getByRole('button', { name: 'End overlap' }).click();
  await dialog(own).getByRole('button', { name: 'End overlap' }).click();
  await banner.waitFor({ state: 'detached' });
  await seen.waitFor({ state: 'detached' });
});

import { expect } from 'vitest';
import { addPolicy, goTo, openOverlap, ownProvider, planFor } from './automation.ts';
import { settled, test } from './console.ts';
import { ACTIVE, find } from './key.ts';
import { choose, rowOf } from './people.ts';

test('a policy is added, switched off and deleted by its name; what it makes due is a link into the table', async ({
  open,
}) => {
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
  await goTo(page, site, `/organizations/${id}/key`);
  await page.getByRole('link', { name: 'Quarterly' }).waitFor();
  const banner = page.getByRole('region', { name: 'Overlap' });
  await banner.getByText('The new string has not been used yet').waitFor();
  await banner.getByRole('button', { name: 'End overlap' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End overlap' }).click();
  await banner.waitFor({ state: 'detached' });
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

test('an organization has no rotation screen, and is told on its key page', async ({ open }) => {
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

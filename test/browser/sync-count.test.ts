import type { Page } from 'playwright-core';
import { settled, test } from './console.ts';
import { askAs, button, dialog } from './key.ts';

async function addOrganizations(page: Page, names: readonly string[]): Promise<void> {
  const { viewer } = await askAs<{ viewer: { serviceProvider: { id: string } } }>(
    page,
    '{ viewer { serviceProvider { id } } }',
    {},
  );
  const mutation =
    'mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { userErrors { code } } }';
  for (const name of names) {
    await askAs(page, mutation, { input: { name, serviceProviderId: viewer.serviceProvider.id } });
  }
}

test('what is confirmed is what the dry run has found, and no more is done, also when a filter finds others by then', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await addOrganizations(page, ['Counted Harbour', 'Counted Mill']);
  await page.goto(new URL('/organizations?q=counted', page.url()).href);
  await page.getByText('2 organizations', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: 'Select Counted Mill' }).check();
  await button(page, 'Select all 2 that match').click();
  await button(page, 'Disable').click();
  await page.getByRole('dialog', { name: 'Disable the keys of 2 organizations' }).waitFor();
  await addOrganizations(page, ['Counted Orchard']);
  await button(page, 'See what would happen').click();
  await page.getByRole('dialog', { name: 'Disable the keys of 3 organizations' }).waitFor();
  await dialog(page).getByText('Checked just now, with every rule: 3 organizations.').waitFor();
  await dialog(page).getByLabel('Type 3 to confirm').fill('3');
  await addOrganizations(page, ['Counted Pier']);
  await button(page, 'Disable 3 keys').click();
  await dialog(page).getByText('These are other organizations than the dry run had.').waitFor();
  await button(page, 'See what would happen').click();
  await dialog(page).getByLabel('Type 4 to confirm').fill('4');
  await button(page, 'Disable 4 keys').click();
  await dialog(page).getByText('Done').waitFor();
});

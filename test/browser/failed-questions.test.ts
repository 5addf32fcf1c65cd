import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, button, dialog, disable, find, openFirst } from './key.ts';

const REFUSAL = { message: 'This took too long. Try again.', extensions: { code: 'TIMEOUT' } };

/** Lets one of the console's questions fail, as long as it is not taken back. */
async function failing(page: Page, operation: string): Promise<() => Promise<void>> {
  const isIt = new RegExp(`query ${operation}\\b`);
  await page.route('**/graphql', async (route) => {
    if (!isIt.test(route.request().postData() ?? '')) return route.fallback();
    await route.fulfill({ json: { data: null, errors: [REFUSAL] } });
  });
  return () => page.unrouteAll({ behavior: 'wait' });
}

test('notices that could not be looked up are not told as none', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const mend = await failing(page, 'Notices');
  await page.goto(`${site.server.url}/organizations`);
  await button(page, 'Notices: could not be looked up now').click();
  await page.getByRole('alert').getByText('It could not be looked up now').waitFor();
  await mend();
  await page.reload();
  await button(page, 'Notices: nothing waits for you').waitFor();
});

test('before a key is deleted it is told that nobody knows who else holds its string', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const mend = await failing(page, 'HoldersOfString');
  await openFirst(page, ACTIVE);
  await button(page, 'Delete').click();
  await dialog(page).getByText('Whether others hold the same string could not be looked up now.').waitFor();
  await mend();
  await page.reload();
  await settled(page);
  await page.getByText('Held by no other organization').waitFor();
});

test('a sync with the key of an organization that could not be looked up is not begun with another', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const [holder] = await find(page, ACTIVE);
  const mend = await failing(page, 'OrganizationName');
  await page.goto(`${site.server.url}/sync/new?from=${holder?.id}`);
  await page.getByText(REFUSAL.message).waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
  await mend();
  await button(page, 'Try again').click();
  const taken = page.getByRole('radio', { name: 'Take the key of an organization' });
  await taken.waitFor();
  expect(await taken.isChecked()).toBe(true);
  await page.goto(`${site.server.url}/sync/new?from=gone`);
  await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
});

test('the palette tells that it could not look, offers to look again, and tells when there is nothing', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const mend = await failing(page, 'FindOrganizations');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search organizations, go to a screen').fill('nobody has this name');
  const again = page.getByRole('button', { name: 'Organizations could not be looked up now' });
  await again.waitFor();
  await mend();
  await again.click();
  await page.getByText('Nothing is called that').waitFor();
});

test('organizations that could not be looked up are not told as none, wherever one is chosen', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await failing(page, 'FoundOrganizations');
  for (const [path, verb, field] of [
    ['/people/delegations', 'Lend access', 'Organizations'],
    ['/people/service-accounts', 'Create service account', 'Works at'],
  ] as const) {
    await page.goto(`${site.server.url}${path}`);
    await settled(page);
    await page.getByRole('button', { name: verb }).first().click();
    await dialog(page).getByRole('combobox', { name: field }).fill('nobody has this name');
    await page.getByText(/could not be looked up now$/).waitFor();
  }
});

test('a dialog whose choices did not come says so, and asks for them again', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  for (const [operation, path, verb, choice] of [
    ['EventTypes', '/webhooks', 'Add webhook', 'Subscriptions'],
    ['PermissionsOfPlace', '/people/service-accounts', 'Create service account', /^See /],
  ] as const) {
    const mend = await failing(page, operation);
    await page.goto(`${site.server.url}${path}`);
    await settled(page);
    await page.getByRole('button', { name: verb }).first().click();
    await dialog(page).getByText(REFUSAL.extensions.code).waitFor();
    await mend();
    await dialog(page).getByRole('button', { name: 'Try again' }).click();
    await dialog(page).getByRole('checkbox', { name: choice }).first().waitFor();
  }
});

test('drift of all providers tells providers that did not come from none', async ({ open, site }) => {
  const page = await open('PLATFORM_ADMIN', AWAY);
  const mend = await failing(page, 'Tenants');
  await page.goto(`${site.server.url}/sync/drift`);
  const main = page.getByRole('main');
  await main.getByText(REFUSAL.extensions.code).waitFor();
  expect(await main.getByText('No providers yet').count()).toBe(0);
  await mend();
  await main.getByRole('button', { name: 'Try again' }).click();
  await main.getByRole('region', { name: 'Northwind Managed Services' }).waitFor();
});

test('what shares a key at a provider is not left out when it did not come', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const mend = await failing(page, 'SharingGroups');
  await page.goto(`${site.server.url}/sync/drift`);
  const main = page.getByRole('main');
  await main.getByText(REFUSAL.extensions.code).waitFor();
  await mend();
  await main.getByRole('button', { name: 'Try again' }).click();
  await main.getByRole('list', { name: 'Who shares a key' }).waitFor();
});

test('drift of more providers than are shown says how many there are, and where to choose', async ({ open, site }) => {
  const page = await open('PLATFORM_ADMIN', AWAY);
  const nodes = Array.from({ length: 23 }, (_, index) => ({
    id: `of-${index}`,
    name: `Provider ${index}`,
    parent: null,
  }));
  const pageInfo = { hasNextPage: false, endCursor: null };
  await page.route('**/graphql', async (route) => {
    if (!/query Tenants\b/.test(route.request().postData() ?? '')) return route.fallback();
    await route.fulfill({ json: { data: { serviceProviders: { nodes, pageInfo } } } });
  });
  await page.goto(`${site.server.url}/sync/drift`);
  await page.getByText('The first 20 of 23 providers: choose another in the breadcrumb.').waitFor();
});

test('what could not be looked up again stays, and is told to be out of date', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/overview');
  await settled(page);
  const [first] = await find(page, ACTIVE);
  const mend = await failing(page, 'Overview');
  await disable(page, first?.id ?? '');
  const told = page.getByRole('status').filter({ hasText: 'Some of what you see may be out of date.' });
  await told.waitFor();
  await page.getByRole('list', { name: 'At a glance' }).waitFor();
  await mend();
  await told.getByRole('button', { name: 'Look again' }).click();
  await told.waitFor({ state: 'detached' });
});

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addServer, goToTab, ownOrganization } from './api-clients.ts';
import { AWAY, type Site, settled, test } from './console.ts';
import { ACTIVE, button, dialog, openFirst } from './key.ts';

const card = (page: Page, name: string) => page.getByRole('main').getByRole('region', { name, exact: true });

async function fillIn(page: Page, { keySets }: Site, name: string, path: string): Promise<void> {
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Issuer').fill('https://login.example.com');
  await dialog(page).getByLabel('URL of its keys').fill(`${keySets.origin}/${path}`);
  await dialog(page).getByLabel('Audience').fill('https://api.example.com');
}

test('the first is added after what is wrong was mended, and is enabled', async ({ site, open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: 0, tab: 'oauth-servers' });
  await page.getByRole('heading', { name: 'No OAuth server yet' }).waitFor();
  await button(page, 'Add OAuth server').click();
  await page.getByRole('dialog', { name: `Add an OAuth server to ${name}` }).waitFor();
  await fillIn(page, site, 'Company login', 'empty');
  await dialog(page).getByRole('button', { name: 'Add OAuth server' }).click();
  await dialog(page).getByText('There is no public key for signatures in the key set.').waitFor();
  await dialog(page).getByLabel('URL of its keys').fill(`${site.keySets.origin}/good`);
  await dialog(page).getByRole('button', { name: 'Add OAuth server' }).click();
  await page.getByText('Added the OAuth server Company login.').waitFor();
  await card(page, 'Company login').getByText('Enabled').waitFor();
});

test('of two one is enabled: the other takes its place in one step, and a third is not offered', async ({
  site,
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { id } = await openFirst(page, ACTIVE, { index: 1 });
  await addServer(site, page, id, 'Old login');
  await addServer(site, page, id, 'New login');
  await goToTab(page, id, 'oauth-servers');
  await card(page, 'Old login').getByText('Enabled').waitFor();
  await card(page, 'New login').getByText('Disabled').waitFor();
  const add = button(page, 'Add OAuth server');
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('There are two, the most there can be. Delete one first.').waitFor();
  await card(page, 'New login').getByRole('button', { name: 'Enable' }).click();
  expect(await dialog(page).textContent()).toContain('Old login is disabled in the same moment');
  await button(page, 'Enable server').click();
  await card(page, 'New login').getByText('Enabled').waitFor();
  await card(page, 'Old login').getByText('Disabled').waitFor();
  await card(page, 'Old login').getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByText('This action cannot be undone.').waitFor();
  await button(page, 'Delete server').click();
  await card(page, 'Old login').waitFor({ state: 'detached' });
  expect(await add.getAttribute('aria-disabled')).toBeNull();
});

test("an organization's own admin edits and disables its server", async ({ site, open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  const id = await ownOrganization(page);
  await addServer(site, page, id, 'Own login');
  await goToTab(page, id, 'oauth-servers');
  await card(page, 'Own login').getByRole('button', { name: 'Edit' }).click();
  await dialog(page).getByText('Access tokens that only the old settings take are refused at once.').waitFor();
  await dialog(page).getByLabel('Audience').fill('https://api.example.com/v2');
  await button(page, 'Save changes').click();
  await card(page, 'Own login').getByText('https://api.example.com/v2').waitFor();
  await card(page, 'Own login').getByRole('button', { name: 'Disable' }).click();
  await dialog(page).getByText('Calls with its access tokens are refused at once').waitFor();
  await button(page, 'Disable server').click();
  await card(page, 'Own login').getByText('Disabled').waitFor();
});

test.for(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER'] as const)(
  '%s sees them, and is offered nothing',
  async (role, { site, open }) => {
    const admin = await open('PROVIDER_ADMIN', AWAY);
    const { id } = await openFirst(admin, ACTIVE, { index: role === 'PROVIDER_SUPPORT' ? 2 : 3 });
    await addServer(site, admin, id, 'Company login');
    const page = await open(role, `/organizations/${id}/oauth-servers`);
    await card(page, 'Company login').getByText('https://login.example.com').waitFor();
    expect(
      await card(page, 'Company login')
        .getByRole('button', { name: /^(Edit|Enable|Disable|Delete)$/ })
        .count(),
    ).toBe(0);
    expect(await button(page, 'Add OAuth server').count()).toBe(0);
  },
);

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { isLive } from '../support/api-sessions.ts';
import { goToTab, logClientIn, ownOrganization } from './api-clients.ts';
import { settled, test } from './console.ts';
import { button, dialog } from './key.ts';

const rows = (page: Page) => page.getByRole('table', { name: 'API sessions' }).getByRole('row');
const rowOf = (page: Page, client: string) => rows(page).filter({ hasText: client });

test('who is logged in is listed, one session is ended and the others stay', async ({ site, open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  const [ended, kept] = [await logClientIn(site, page, 'Nightly/1.0'), await logClientIn(site, page, 'Desk/2.0')];
  await goToTab(page, await ownOrganization(page), 'sessions');
  await rowOf(page, 'Nightly/1.0').waitFor();
  expect(await rowOf(page, 'Desk/2.0').textContent()).toContain('127.0.0.1');
  await rowOf(page, 'Nightly/1.0')
    .getByRole('button', { name: /^End the session of / })
    .click();
  await dialog(page).getByText('Its client is refused until it has logged in again.').waitFor();
  await button(page, 'End session').click();
  await page.getByText(/^Ended the API session of .+\.$/).waitFor();
  await rowOf(page, 'Nightly/1.0').waitFor({ state: 'detached' });
  expect(await isLive(site.server.url, ended)).toBe(false);
  expect(await isLive(site.server.url, kept)).toBe(true);
});

test('all are ended at once; a dialog that changes the key says how many are open', async ({ site, open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  const sessions = [await logClientIn(site, page, 'Nightly/1.0'), await logClientIn(site, page, 'Desk/2.0')];
  const id = await ownOrganization(page);
  await goToTab(page, id, 'key');
  await button(page, 'Regenerate').click();
  await dialog(page)
    .getByText(/^\d API sessions are open and end at once\.$/)
    .waitFor();
  await button(page, 'Cancel').click();
  await goToTab(page, id, 'sessions');
  await button(page, 'End all sessions').click();
  await dialog(page).getByRole('button', { name: 'End all sessions' }).click();
  await page.getByRole('heading', { name: 'No API session is open' }).waitFor();
  for (const session of sessions) expect(await isLive(site.server.url, session)).toBe(false);
});

test('support sees them and ends none; whoever may not see the trail is not offered them', async ({ site, open }) => {
  const admin = await open('ORG_ADMIN', '/');
  await settled(admin);
  await logClientIn(site, admin, 'Nightly/1.0');
  const id = await ownOrganization(admin);
  const support = await open('PROVIDER_SUPPORT', `/organizations/${id}/sessions`);
  await rowOf(support, 'Nightly/1.0').waitFor();
  expect(await support.getByRole('button', { name: /^End/ }).count()).toBe(0);
  const viewer = await open('PROVIDER_VIEWER', `/organizations/${id}/sessions`);
  await viewer.getByRole('tab', { name: 'Key' }).waitFor();
  expect(await viewer.getByRole('tab', { name: 'API sessions' }).count()).toBe(0);
});

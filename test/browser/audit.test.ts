import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled, test } from './console.ts';

const rows = (page: Page) => page.locator('tr[data-row]');
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const panel = (page: Page) => page.getByRole('complementary', { name: 'Event' });

test('filters by action, result and time, with all of it in the URL', { timeout: 60_000 }, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/audit');
  await settled(page);
  await page.getByRole('button', { name: 'Action', exact: true }).click();
  await page.getByRole('textbox', { name: 'Find an action' }).fill('regen');
  await page.getByRole('checkbox', { name: 'Regenerate the key' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => parameter(page, 'action')).toBe('api_key.regenerate');
  const others = rows(page).filter({ hasNotText: 'Regenerate the key' });
  await expect.poll(() => others.count()).toBe(0); // what was there before goes when the new rows come
  await rows(page).first().waitFor();
  await page.getByRole('button', { name: 'Time', exact: true }).click();
  await page.getByLabel('Through').fill('2001-01-01');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows(page).first().waitFor();
  expect(new URL(page.url()).search).toBe('');
});

test('what was refused is in it, is seen to be, and can be asked for alone', { timeout: 60_000 }, async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/audit?action=api_key.regenerate');
  await settled(page);
  expect((await rows(page).allTextContents()).some((text) => text.includes('Done'))).toBe(true);
  await page.getByRole('button', { name: 'Result', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Refused' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => parameter(page, 'result')).toBe('refused');
  await expect
    .poll(async () => (await rows(page).allTextContents()).every((text) => text.includes('Refused')))
    .toBe(true);
  await rows(page).first().click();
  await expect.poll(() => panel(page).locator('code').first().textContent()).toMatch(/^[A-Z_]+$/);
});

test('an event opens beside the trail with what was before and after, and narrows it to who and whom', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/audit?action=api_key.regenerate');
  await settled(page);
  await rows(page).first().focus();
  await page.keyboard.press('Enter');
  const table = panel(page).getByRole('table', { name: 'Before and after' });
  await table.getByRole('rowheader', { name: 'Fingerprint', exact: true }).waitFor();
  // It opens from its address alone.
  await page.reload();
  await table.waitFor();
  await panel(page).getByRole('button', { name: 'Only of this organization' }).click();
  await expect.poll(() => parameter(page, 'organization')).not.toBeNull();
  await panel(page)
    .getByRole('button', { name: /^Only by/ })
    .click();
  await expect.poll(() => parameter(page, 'actor')).not.toBeNull();
  await page.getByRole('button', { name: /^Remove the filter Organization: (?!one)/ }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => parameter(page, 'event')).toBeNull();
});

test('the menu of an event leads to its organization, and narrows the trail to it', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/audit?action=api_key.regenerate');
  await settled(page);
  await rows(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Only by / }).waitFor();
  await page.getByRole('menuitem', { name: 'Only of this organization' }).click();
  await expect.poll(() => parameter(page, 'organization')).not.toBeNull();
  await settled(page);
  await rows(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open organization' }).click();
  await page.waitForURL(/\/organizations\/[^/]+$/);
});

test('the same states are told in the same words on the trail of all and on that of one organization', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/audit?action=subscription.apply');
  await settled(page);
  await rows(page).first().click();
  const ends = panel(page).getByRole('row').filter({ hasText: 'Ends at' });
  const told = (await ends.getByRole('cell').last().textContent()) ?? '';
  expect(told).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC$/);
  const organization = await panel(page).getByRole('link').first().getAttribute('href');
  await page.goto(new URL(`${organization}/audit?about=subscription`, page.url()).href);
  const event = page.getByRole('main').getByRole('listitem').filter({ hasText: 'applied a subscription' }).first();
  await event.getByRole('button', { name: /^Details of/ }).click();
  await event.getByText('Ends at', { exact: true }).waitFor();
  await event.getByRole('definition').filter({ hasText: told }).waitFor();
});

test('an organization and a person are found by their names', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/audit');
  await settled(page);
  await page.getByRole('button', { name: 'Person', exact: true }).click();
  await page.getByRole('textbox', { name: 'Find a person' }).fill('admin');
  await page.getByRole('dialog', { name: 'Person' }).getByRole('button').first().click();
  await expect.poll(() => parameter(page, 'actor')).not.toBeNull();
  await page.getByRole('button', { name: 'Organization', exact: true }).click();
  await page.getByRole('textbox', { name: 'Find an organization' }).fill('gmbh');
  await page.getByRole('dialog', { name: 'Organization' }).getByRole('button').first().click();
  await expect.poll(() => parameter(page, 'organization')).not.toBeNull();
});

test('it is exported as it is filtered', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/audit?action=api_key.regenerate&result=done');
  await settled(page);
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^CSV/ }).click(),
  ]);
  const [header = '', ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(header).toContain('action');
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every((line) => line.includes('api_key.regenerate'))).toBe(true);
});

test('whoever may not see the trail is not offered it', async ({ open }) => {
  const page = await open('PROVIDER_VIEWER', '/audit');
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }).count()).toBe(0);
});

test("an organization's own people see the trail of their organization, without others to choose", async ({ open }) => {
  const page = await open('ORG_ADMIN', '/audit');
  await settled(page);
  await rows(page).first().waitFor();
  expect(await page.getByRole('button', { name: 'Organization', exact: true }).count()).toBe(0);
});

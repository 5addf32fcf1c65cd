import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addEndpoint, addPolicy, addRecipient, goTo } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { dialog } from './key.ts';
import { chooseByKeys, focused, press, stepTo } from './keyboard.ts';
import { rowOf } from './people.ts';

const LONG = { timeout: 60_000 };

/** The focus is where it was before the dialog, and not at the beginning of the page. */
async function expectBackAt(page: Page, name: string): Promise<void> {
  await dialog(page).waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe(name);
}

async function expectAt(page: Page, name: string): Promise<void> {
  await expect.poll(() => focused(page)).toBe(name);
}

test('a webhook is added and edited by keyboard alone', LONG, async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await addEndpoint(page, 'There before', site.receiver.url);
  await goTo(page, site, '/webhooks');
  await press(page, 'Add webhook');
  await expectAt(page, 'Name');
  await page.keyboard.type('Typed alone');
  await stepTo(page, 'URL');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(site.receiver.url);
  await stepTo(page, 'Subscriptions');
  await page.keyboard.press('Space');
  await press(page, 'Add and show secret');
  await page.getByRole('dialog', { name: 'Secret of Typed alone' }).waitFor();
  await press(page, 'I have kept it');
  await expectBackAt(page, 'Add webhook');

  await rowOf(page, 'Typed alone').waitFor();
  await chooseByKeys(page, 'Actions for Typed alone', 'Edit');
  await expectAt(page, 'Name');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Typed again');
  await page.keyboard.press('Enter');
  await rowOf(page, 'Typed again').waitFor();
  await expectBackAt(page, 'Actions for Typed again');
  await stepTo(page, /^Typed again/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/webhooks/*');
  await page.getByRole('heading', { name: 'Typed again' }).waitFor();
  await chooseByKeys(page, 'More for Typed again', 'Disable');
  await dialog(page).waitFor();
  await press(page, 'Disable webhook');
  await page.getByText('Somebody disabled it.').waitFor();
  await expectBackAt(page, 'More for Typed again');
});

test('a mail recipient is added by keyboard alone, and the next one too', LONG, async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await addRecipient(page, 'there@before.example');
  await goTo(page, site, '/notifications');
  await press(page, 'Add recipient');
  await expectAt(page, 'Address');
  await page.keyboard.type('typed@alone.example');
  await stepTo(page, 'At once');
  await page.keyboard.press('ArrowDown');
  await expectAt(page, 'Hourly');
  await stepTo(page, 'Subscriptions');
  await page.keyboard.press('Space');
  await press(page, 'Add recipient');
  await rowOf(page, 'typed@alone.example').getByText('Hourly').waitFor();
  await expectBackAt(page, 'Add recipient');
  await page.keyboard.press('Enter');
  await expectAt(page, 'Address');
  await page.keyboard.press('Escape');
  await expectBackAt(page, 'Add recipient');
});

test('a rotation policy is added and deleted by keyboard alone', LONG, async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await addPolicy(page, 'There before', { maximumAgeDays: 365 });
  await goTo(page, site, '/rotation');
  await press(page, 'Add policy');
  await expectAt(page, 'Name');
  await page.keyboard.type('Typed alone');
  await stepTo(page, 'Tell people');
  await page.keyboard.press('ArrowDown');
  await expectAt(page, 'Rotate by itself');
  await stepTo(page, 'Name', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await rowOf(page, 'Typed alone').getByText('New string each').waitFor();
  await expectBackAt(page, 'Add policy');
  await chooseByKeys(page, 'Actions for Typed alone', 'Delete');
  await expectAt(page, 'Type Typed alone to confirm');
  await page.keyboard.type('Typed alone');
  await page.keyboard.press('Enter');
  await rowOf(page, 'Typed alone').waitFor({ state: 'detached' });
  // The row is gone with its button: back at the table that it was in.
  await expectBackAt(page, 'Rotation policies');
  await chooseByKeys(page, 'Actions for There before', 'Delete');
  await expectAt(page, 'Type There before to confirm');
  await page.keyboard.type('There before');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No rotation policies yet' }).waitFor();
  await expectBackAt(page, 'Rotation');
});

test('a key is enabled from the support desk by keyboard alone', LONG, async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=SERVICE_PROVIDER');
  await settled(page);
  await press(page, /^Enable the key of /);
  const name = await expectDialogOf(page);
  await page.keyboard.press('Escape');
  await expectBackAt(page, `Enable the key of ${name}`);
  await page.keyboard.press('Enter');
  await expectAt(page, 'Why it is enabled');
  await page.keyboard.type('paid by phone');
  await press(page, 'Enable key');
  // What the platform holds as well stays.
  await page.getByText(/^(Enabled the key of|Lifted what you may lift for) /).waitFor();
  await dialog(page).waitFor({ state: 'detached' });
});

/** @returns whose key it asks about */
async function expectDialogOf(page: Page): Promise<string> {
  await expectAt(page, 'Why it is enabled');
  const title = (await dialog(page).getByRole('heading').first().textContent()) ?? '';
  return title.replace('Enable the key of ', '');
}

test('an organization is onboarded by keyboard alone', LONG, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding');
  await settled(page);
  await stepTo(page, 'Choose a CSV file');
  await stepTo(page, 'Import a file', 'Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('form', { name: 'New organization' }).waitFor();
  await expectAt(page, 'New organization');
  await stepTo(page, 'Name');
  await page.keyboard.type('Keyboard Opticians');
  await stepTo(page, 'Plan');
  await page.keyboard.type('API Basic');
  await page.keyboard.press('Enter');
  await page.getByText('Added Keyboard Opticians with its subscription.').waitFor();
  await press(page, 'Open organization', 'Shift+Tab');
  await page.getByRole('heading', { name: 'Keyboard Opticians' }).waitFor();
});

test('somebody is added and deactivated by keyboard alone', LONG, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/people');
  await settled(page);
  await press(page, 'Add somebody');
  await expectAt(page, 'Name');
  await page.keyboard.type('Kay Board');
  await stepTo(page, 'User name');
  await page.keyboard.type('kay@people.example');
  await stepTo(page, 'Role');
  await page.keyboard.press('Enter');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await press(page, 'Add and show password');
  await page.getByRole('dialog', { name: 'Password of Kay Board' }).waitFor();
  await press(page, 'I have kept it');
  await expectBackAt(page, 'Add somebody');
  await rowOf(page, 'kay@people.example').waitFor();
  await chooseByKeys(page, 'Actions for Kay Board', 'Deactivate');
  await dialog(page).waitFor();
  await press(page, 'Deactivate');
  await rowOf(page, 'kay@people.example').getByText('Deactivated').waitFor();
  await expectBackAt(page, 'Actions for Kay Board');
});

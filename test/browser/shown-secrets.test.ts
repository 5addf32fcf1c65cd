import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, goWithin, settled, test } from './console.ts';
import { ACTIVE, button, dialog, find, key, openFirst, shownKey, textsOfPage } from './key.ts';
import { typeCount } from './sync-steps.ts';

/** Of each request that the page sends from now on. */
function addressesOf(page: Page): readonly string[] {
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  return addresses;
}

async function goByRail(page: Page, label: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: label, exact: true }).click();
  await settled(page);
}

/** The address changes a moment before what is shown does. */
async function expectGone(page: Page, secret: string): Promise<void> {
  await expect.poll(() => textsOfPage(page), { timeout: 5_000 }).not.toContain(secret);
}

test('a key that was left shown is gone with the panel, with the screen, and with who was signed in', {
  timeout: 60_000,
}, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const addresses = addressesOf(page);
  const { name } = await openFirst(page, ACTIVE, { index: 0 });
  await button(page, 'Reveal key').click();
  const text = await shownKey(page);
  await goByRail(page, 'Organizations');
  await expectGone(page, text);
  await page.goBack();
  await expect.poll(() => key(page).textContent()).toMatch(/^•{8}/);

  await page.getByRole('tab', { name: 'Sandbox submission' }).click();
  await button(page, 'Add key').click();
  await dialog(page).getByRole('button', { name: 'Add key' }).click();
  const sandbox = await shownKey(page);
  await page.getByRole('tab', { name: 'Details' }).click();
  await settled(page);
  await expectGone(page, sandbox);

  await goByRail(page, 'Organizations');
  await page.getByRole('searchbox').first().fill(name);
  await page.waitForURL(/[?&]q=/);
  await settled(page);
  await page.locator('tr[data-row]').filter({ hasText: name }).first().click();
  const panel = page.getByRole('complementary', { name });
  await panel.getByRole('button', { name: 'Reveal key' }).click();
  expect(await shownKey(page)).toBe(text);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await expectGone(page, text);

  await page.locator('tr[data-row]').filter({ hasText: name }).first().click();
  await panel.getByRole('button', { name: 'Reveal key' }).click();
  expect(await shownKey(page)).toBe(text);
  await button(page, 'My account').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await expectGone(page, text);
  expect(addresses.filter((address) => address.includes(text) || address.includes(sandbox))).toEqual([]);
});

test('a key that was typed for a sync, or made by it, is gone once that is closed', {
  timeout: 60_000,
}, async ({ open }) => {
  const TYPED = 'Agreed0nBy21';
  const page = await open('PROVIDER_ADMIN', '/sync');
  await settled(page);
  const addresses = addressesOf(page);
  const [first] = await find(page, ACTIVE);
  const address = `/sync/new?key=ENABLED&q=${encodeURIComponent(first?.name ?? '')}`;
  for (const typed of [TYPED, null]) {
    await goWithin(page, address);
    if (typed !== null) {
      await page.getByRole('radio', { name: 'Type a key' }).check();
      await page.getByRole('textbox', { name: 'New key' }).fill(typed);
    }
    await button(page, 'See what would happen').click();
    await page.getByText('Would change').waitFor();
    await typeCount(page);
    await page.getByRole('button', { name: /^Sync / }).click();
    const shown = page.getByRole('status', { name: 'New key' });
    await page.getByText('Done', { exact: true }).waitFor();
    const text = (await shown.textContent()) ?? '?';
    expect(text).toMatch(typed ?? /^[A-Za-z0-9]{12}$/);
    await button(page, 'Close').click();
    await page.waitForURL('**/sync');
    await settled(page);
    await expectGone(page, text);
    expect(addresses.filter((each) => each.includes(text))).toEqual([]);
  }
});

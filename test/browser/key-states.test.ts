import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, type ConsoleRole, settled, test } from './console.ts';
import { ACTIVE, button, by, dialog, key, openFirst } from './key.ts';
import { focused } from './keyboard.ts';

const banner = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Tests change what they look at: each has an organization of its own, by its place in the list. */
const own = { disable: 6, sandbox: 7, phone: 8, platform: 10 };

test('disabling takes a reason, a note for another one, and puts a banner in front; enabling takes a note', async ({
  open,
}) => {
  const page = await open('PROVIDER_SUPPORT', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: own.disable });
  await button(page, 'Disable').click();
  await page.getByRole('dialog', { name: `Disable the key of ${name}` }).waitFor();
  await dialog(page).getByLabel('Reason').selectOption('OTHER');
  await dialog(page).getByLabel('Note').fill('   ');
  await dialog(page).getByRole('button', { name: 'Disable key' }).click();
  await dialog(page).getByText('Say why in a note').waitFor();
  await dialog(page).getByLabel('Note').fill('Asked for by their own board');
  await dialog(page).getByRole('button', { name: 'Disable key' }).click();
  const words = banner(page, 'Disabled by provider');
  await words.getByText('Asked for by their own board').waitFor();
  expect(await words.textContent()).toContain('Tomasz Zieliński disabled the key now');
  expect(await button(page, 'Disable').getAttribute('aria-disabled')).toBe('true');
  await words.getByRole('button', { name: 'Enable' }).click();
  await dialog(page).getByText('The key works again at once.').waitFor();
  await dialog(page).getByLabel('Note').fill('They changed their mind');
  await dialog(page).getByRole('button', { name: 'Enable key' }).click();
  await page.getByText(`Enabled the key of ${name}.`).waitFor();
  await words.waitFor({ state: 'detached' });
  // The button is gone with its banner.
  await expect.poll(() => focused(page)).toBe('Key');
});

test('on a phone the status and every button have a whole line or an even part of one', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY, { width: 'narrow' });
  await openFirst(page, ACTIVE, { index: own.phone });
  const card = page.getByRole('region', { name: 'API key' });
  const placeOf = async (element: Locator) => {
    const box = await element.boundingBox();
    if (box === null) throw new Error('it is not shown');
    return box;
  };
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    const kinds = await placeOf(card.getByRole('tablist'));
    const status = await placeOf(card.getByText('Enabled', { exact: true }));
    expect(status.y, 'beneath the kinds').toBeGreaterThanOrEqual(kinds.y + kinds.height);
    const [edit, regenerate, remove, disable] = await Promise.all(
      ['Edit', 'Regenerate', 'Delete', 'Disable'].map((name) => placeOf(button(page, name))),
    );
    expect([regenerate?.y, disable?.y]).toEqual([edit?.y, remove?.y]);
    expect([remove?.x, disable?.x]).toEqual([edit?.x, regenerate?.x]);
    expect(disable?.width).toBeCloseTo(edit?.width ?? 0);
  }
});

test('what the platform disabled, only the platform enables; what stays is said before and after', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, by('PLATFORM'));
  const words = banner(page, 'Disabled by platform');
  await words.getByText('Only the platform can enable it. Contact platform support.').waitFor();
  expect(await words.getByRole('button').count()).toBe(0);
  const platform = await open('PLATFORM_ADMIN', '/organizations');
  await platform.goto(page.url());
  await banner(platform, 'Disabled by platform').getByRole('button', { name: 'Enable' }).waitFor();

  const { name } = await openFirst(page, ACTIVE, { index: own.platform });
  for (const each of [platform, page]) {
    await each.goto(page.url());
    await settled(each);
    await button(each, 'Disable').click();
    await dialog(each).getByLabel('Reason').selectOption('SECURITY_INCIDENT');
    await dialog(each).getByRole('button', { name: 'Disable key' }).click();
    await dialog(each).waitFor({ state: 'detached' });
  }
  await banner(page, 'Disabled by platform').waitFor();
  await banner(page, 'Disabled by provider').getByRole('button', { name: 'Enable' }).click();
  await dialog(page).getByText('It stays disabled by the platform.').waitFor();
  await dialog(page).getByLabel('Note').fill('Our side is settled');
  await dialog(page).getByRole('button', { name: 'Enable key' }).click();
  await page.getByText(`The key of ${name} is still disabled by the platform.`).waitFor();
  await banner(page, 'Disabled by provider').waitFor({ state: 'detached' });
});

test('a sandbox submission key is a tab of its own, and cannot be edited', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: own.sandbox });
  await page.getByRole('tab', { name: 'Sandbox submission' }).click();
  expect(new URL(page.url()).searchParams.get('kind')).toBe('sandbox-submission');
  await button(page, 'Add key').click();
  await dialog(page).getByRole('button', { name: 'Add key' }).click();
  await page.getByText(`Added the sandbox submission key of ${name}.`).waitFor();
  await page.getByText('A sandbox submission key cannot be edited.').waitFor();
  expect(await button(page, 'Edit').getAttribute('aria-disabled')).toBe('true');
  await button(page, 'Edit').focus();
  await page.keyboard.press('Enter');
  expect(await dialog(page).count()).toBe(0);
});

test('the panel beside the list shows the key and enables it, and Escape closes the dialog first', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/organizations?disabledBy=SERVICE_PROVIDER');
  await page.locator('tr[data-row]').first().click();
  const panel = page.getByRole('complementary');
  await panel.getByRole('button', { name: 'Enable' }).click();
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await panel.count()).toBe(1);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
});

const offered: Record<ConsoleRole, { readonly buttons: readonly string[]; readonly tabs: readonly string[] }> = {
  PROVIDER_ADMIN: {
    buttons: ['Reveal key', 'Copy key', 'Edit', 'Regenerate', 'Delete', 'Disable', 'Renew', 'Cancel subscription'],
    tabs: ['Key', 'Audit', 'Details'],
  },
  PROVIDER_SUPPORT: { buttons: ['Disable'], tabs: ['Key', 'Audit', 'Details'] },
  PROVIDER_VIEWER: { buttons: [], tabs: ['Key', 'Details'] },
  ORG_ADMIN: { buttons: ['Reveal key', 'Copy key', 'Edit', 'Regenerate', 'Delete'], tabs: ['Key', 'Audit', 'Details'] },
  PLATFORM_ADMIN: {
    buttons: ['Edit', 'Regenerate', 'Delete', 'Disable', 'Renew', 'Cancel subscription'],
    tabs: ['Key', 'Audit', 'Details'],
  },
};

test.for(Object.keys(offered) as ConsoleRole[])(
  '%s is offered what the role allows, and no more',
  async (role, { open }) => {
    const page = await open(role, role === 'ORG_ADMIN' ? '/' : '/organizations');
    if (role === 'ORG_ADMIN') await key(page).waitFor();
    else await openFirst(page, ACTIVE, { index: 11 });
    await settled(page);
    const main = page.getByRole('main');
    const labels = await main
      .getByRole('button')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? each.textContent));
    expect(labels.filter((label) => label !== 'Copy base URL')).toEqual(offered[role].buttons);
    const tabs = await main
      .getByRole('tablist', { name: 'About this organization' })
      .getByRole('tab')
      .allTextContents();
    expect(tabs.filter((label) => ['Key', 'Audit', 'Details'].includes(label))).toEqual(offered[role].tabs);
  },
);

import { expect } from 'vitest';
import { settled, test } from './console.ts';
import { hold } from './held.ts';
import { askAs, by, find } from './key.ts';
import { selectRows, typeCount } from './sync-steps.ts';

test('every disabled key is there, and the chips tell how many of each', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk');
  await settled(page);
  const all = await find(page, { apiKeyStatus: ['DISABLED'] });
  expect(all.length).toBeGreaterThan(10);
  const byProvider = await find(page, by('SERVICE_PROVIDER'));
  await page.getByRole('button', { name: `Disabled by provider ${byProvider.length}` }).click();
  await settled(page);
  await page.getByText(`${byProvider.length} disabled keys`).waitFor();
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(byProvider.length);
  expect(new URL(page.url()).searchParams.get('source')).toBe('SERVICE_PROVIDER');
  const heads = await page.getByRole('columnheader').allTextContents();
  expect(heads).toEqual(expect.arrayContaining(['Organization', 'Disabled', 'Reason', 'Note', 'Since', 'Enable']));
});

test('one key is enabled in two clicks with a note, which the audit trail keeps', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=SERVICE_PROVIDER');
  await settled(page);
  const [first] = await find(page, { ...by('SERVICE_PROVIDER'), subscriptionStatus: ['ACTIVE'] });
  const name = first?.name ?? '';
  await page.getByRole('button', { name: `Enable the key of ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: `Enable the key of ${name}` });
  await page.keyboard.type('paid by phone, receipt 4711');
  await dialog.getByRole('button', { name: 'Enable key' }).click();
  await page.getByText(`Enabled the key of ${name}`).waitFor();
  await expect.poll(() => page.getByRole('button', { name: `Enable the key of ${name}` }).count()).toBe(0);
  const query = '{ auditEvents(first: 1) { nodes { note } } }';
  const { auditEvents } = await askAs<{ auditEvents: { nodes: unknown[] } }>(page, query, {});
  expect(auditEvents.nodes).toEqual([{ note: 'paid by phone, receipt 4711' }]);
});

test('what was disabled since one looked is not lifted unseen', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=CALL_THRESHOLD');
  await settled(page);
  const shown = await find(page, by('CALL_THRESHOLD'));
  const held = new Set((await find(page, by('SERVICE_PROVIDER'))).map(({ id }) => id));
  const { id, name } = shown.find((each) => !held.has(each.id)) ?? { id: '', name: '' };
  await page.getByRole('button', { name: `Enable the key of ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: `Enable the key of ${name}` });
  const disable = 'mutation($input: DisableApiKeyInput!) { disableApiKey(input: $input) { userErrors { code } } }';
  await askAs(page, disable, { input: { organizationId: id, reason: 'SECURITY_INCIDENT', note: 'Found on the web' } });
  await dialog.getByRole('textbox').fill('threshold raised');
  await dialog.getByRole('button', { name: 'Enable key' }).click();
  await page.getByText('The key was changed meanwhile').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect((await find(page, by('SERVICE_PROVIDER'))).map((each) => each.id)).toContain(id);
  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: `Enable the key of ${name}` }) });
  await row.getByText('Found on the web').waitFor();
});

test('what can be done with a row is in its menu as well', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=PLATFORM');
  await settled(page);
  await page.locator('tr[data-row]').first().click({ button: 'right' });
  const enable = page.getByRole('menuitem', { name: 'Enable key' });
  expect(await enable.textContent()).toContain('only the platform can lift that');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Disabled by provider/ }).click();
  await settled(page);
  await page.locator('tr[data-row]').first().click({ button: 'right' });
  await enable.click();
  await page.getByRole('dialog', { name: /^Enable the key of/ }).waitFor();
});

test('nothing is enabled without a note', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=SERVICE_PROVIDER');
  await settled(page);
  const before = await find(page, by('SERVICE_PROVIDER'));
  const button = page.getByRole('button', { name: /^Enable the key of/ });
  await button.first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Enable key' }).click();
  expect(await dialog.locator('textarea:invalid').count()).toBe(1);
  expect(await find(page, by('SERVICE_PROVIDER'))).toEqual(before);
});

test('many are enabled at once, after seeing what would happen', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=CALL_THRESHOLD');
  const before = await find(page, by('CALL_THRESHOLD'));
  await selectRows(page, 2);
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Enable' }).click();
  const dialog = page.getByRole('dialog', { name: 'Enable the keys of 2 organizations' });
  await dialog.getByLabel('Why they are enabled').fill('threshold raised');
  await dialog.getByRole('button', { name: 'See what would happen' }).click();
  await dialog.getByText('Would change').waitFor();
  expect(await typeCount(page)).toBe(2);
  await dialog.getByRole('button', { name: 'Enable 2 keys' }).click();
  await dialog.getByText('Done', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByText(`${before.length - 2} disabled keys`).waitFor();
});

test('what the platform holds is not lifted by the provider, and says why', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk?source=PLATFORM');
  await settled(page);
  const button = page.getByRole('button', { name: /^Enable the key of/ }).first();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  expect(await button.getAttribute('aria-description')).toContain('only the platform can lift that');
  const platform = await open('PLATFORM_ADMIN', '/support-desk?source=PLATFORM');
  await settled(platform);
  const theirs = platform.getByRole('button', { name: /^Enable the key of/ }).first();
  expect(await theirs.getAttribute('aria-disabled')).toBe('false');
});

test('whoever may not enable keys is offered no support desk', async ({ open }) => {
  const page = await open('PROVIDER_VIEWER', '/support-desk');
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).not.toContain(
    'Support desk',
  );
});

test('the counts of one search do not stand under another', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk');
  await settled(page);
  const chip = page.getByRole('button', { name: /^Disabled by provider/ });
  await expect.poll(() => chip.textContent()).toMatch(/\d$/);
  const { asked, letGo } = await hold(page, /query DisabledCounts\b/);
  await page.getByRole('searchbox').fill('gmbh');
  await asked;
  await page.getByText('Counting', { exact: true }).waitFor();
  expect(await chip.textContent()).not.toMatch(/\d/);
  letGo();
  await expect.poll(() => chip.textContent()).toMatch(/\d$/);
});

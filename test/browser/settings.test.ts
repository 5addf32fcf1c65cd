import { expect } from 'vitest';
import { credentialsOf, settled, test } from './console.ts';

test('one’s own password is changed from the account menu, and one signs in again with it', async ({ site, open }) => {
  const page = await open('PROVIDER_VIEWER', '/organizations');
  await settled(page);
  const { username, password } = credentialsOf(site, 'PROVIDER_VIEWER');
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByRole('textbox', { name: 'Current password' }).fill('not the password');
  await dialog.getByRole('textbox', { name: 'New password' }).fill('seven quiet mornings');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await dialog.locator('[class*="error"]').first().waitFor();
  await dialog.getByRole('textbox', { name: 'Current password' }).fill(password);
  await dialog.getByRole('textbox', { name: 'New password' }).fill('seven quiet mornings');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  const ended = page.getByRole('dialog', { name: 'Your session has ended' });
  await ended.getByLabel('User name').fill(username);
  await ended.getByRole('textbox', { name: 'Password' }).fill('seven quiet mornings');
  await ended.getByRole('button', { name: 'Sign in' }).click();
  await ended.waitFor({ state: 'hidden' });
  await settled(page);
});

test('my account says who I am, keeps the theme, and ends my sessions', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/settings');
  await settled(page);
  expect(await page.getByRole('tab').allTextContents()).toEqual(['My account', 'Provider']);
  await page.getByRole('listitem').filter({ hasText: 'apiKey:enable' }).waitFor();
  await page.getByText('Dark', { exact: true }).click();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await page.reload();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await page.getByRole('button', { name: 'End all my sessions' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click();
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
});

test('a provider says from how many organizations on a second person is needed', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/settings/provider');
  await settled(page);
  await page.getByRole('switch', { name: 'Large bulk operations wait' }).click();
  await page.getByLabel('Over more than so many organizations').fill('25');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('A bulk operation over more than 25 organizations waits').first().waitFor();
  await page.reload();
  expect(await page.getByLabel('Over more than so many organizations').inputValue()).toBe('25');
  await page.getByRole('switch', { name: 'Large bulk operations wait' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('No operation waits for a second person.').first().waitFor();
});

test('whoever may not change a provider reads its settings', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/settings/provider');
  await settled(page);
  await page.getByText('No operation waits for a second person.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
});

test('an issuer that cannot be seen is not trusted, and its field says so', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/settings/single-sign-on');
  await settled(page);
  await page.getByRole('button', { name: 'Trust an issuer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Trust an issuer' });
  await dialog.getByLabel('Name', { exact: true }).fill('Company login');
  await dialog.getByLabel('Issuer').fill('https://login.nowhere.invalid');
  await dialog.getByLabel('Audience').fill('https://api.example');
  await dialog.getByLabel('Value 1 of the claim').fill('admins');
  await dialog.getByRole('combobox', { name: 'Role 1' }).click();
  await page.getByRole('option', { name: 'Provider viewer' }).click();
  await dialog.getByRole('button', { name: 'Trust issuer' }).click();
  await dialog.locator('[class*="error"]').first().waitFor();
  expect(await dialog.getByLabel('Issuer').getAttribute('aria-invalid')).toBe('true');
});

test('single sign-on goes by the address that an administrator gave, which this browser keeps', async ({ open }) => {
  const page = await open(null, '/');
  await page.getByRole('button', { name: 'Use single sign-on' }).click();
  await page.getByLabel('Single sign-on address').fill('https://elsewhere.example/auth/sso/abc');
  await page.getByRole('button', { name: 'Go on with single sign-on' }).click();
  await page.getByText('This is no single sign-on address of this site').waitFor();
  const address = new URL('/auth/sso/nothing-is-called-this', page.url()).href;
  await page.getByLabel('Single sign-on address').fill(address);
  await page.getByRole('button', { name: 'Go on with single sign-on' }).click();
  await page.getByRole('alert').getByText('Single sign-on did not let you in.').waitFor();
  await page.getByRole('button', { name: 'Sign in with single sign-on' }).waitFor();
  await page.getByRole('button', { name: 'Use another single sign-on address' }).click();
  await page.getByLabel('Single sign-on address').waitFor();
  expect(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain('sso');
});

test('a row’s menu opens by the right mouse button and by keyboard, and gives the focus back', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const row = page.locator('tr[data-row]').first();
  await row.locator('td').nth(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show beside the list' }).click();
  await page.getByRole('complementary').getByText('Base URL').waitFor();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: /^Actions for/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^Actions for/);
});

test('a refusal is told where the overlap was switched off, and goes once that is changed', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/settings/provider');
  await settled(page);
  const part = page.getByRole('region', { name: 'Overlap of old and new keys' });
  const allowed = part.getByRole('switch', { name: 'Rotations may let the old key work on for a while' });
  const save = part.getByRole('button', { name: 'Save overlap' });
  await allowed.check({ force: true });
  await save.click();
  await page.getByText('After a rotation an old key may work on for up to 4 hours').waitFor();
  // The setting begins anew with what was saved.
  await expect.poll(() => save.isDisabled()).toBe(true);

  const field = ['input', 'overlapAllowedMinutes'];
  const refusal = { code: 'VALIDATION_FAILED', message: 'A rotation that is under way counts on it.', field };
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes('setOverlapAllowed')) return route.fallback();
    await route.fulfill({ json: { data: { setOverlapAllowed: { serviceProvider: null, userErrors: [refusal] } } } });
  });
  await allowed.uncheck({ force: true });
  await save.click();
  await part.getByText(refusal.message).waitFor();
  await allowed.check({ force: true });
  await part.getByText(refusal.message).waitFor({ state: 'detached' });
});

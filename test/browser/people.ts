import type { Page } from 'playwright-core';
import { type OpenPage, type Site, settled } from './console.ts';

/** The row of somebody or something of a table. */
export function rowOf(page: Page, name: string) {
  return page.locator('tr[data-row]').filter({ hasText: name });
}

/** By the button at the row's end. */
export async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
}

/** @returns the one-time password */
export async function addPerson(page: Page, displayName: string, username: string, role: string): Promise<string> {
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add somebody' });
  await dialog.getByLabel('Name', { exact: true }).fill(displayName);
  await dialog.getByLabel('User name').fill(username);
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: role, exact: true }).click();
  await dialog.getByRole('button', { name: 'Add and show password' }).click();
  const shown = page.getByRole('dialog', { name: `Password of ${displayName}` });
  const password = await shown.getByLabel('One-time password', { exact: true }).textContent();
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  await settled(page);
  return password ?? '';
}

/** The administrator of a root provider that is neither above nor below the one of PROVIDER_ADMIN. */
export async function openElsewhere(site: Site, open: OpenPage, path: string): Promise<Page> {
  const admins = site.credentials.users.filter(({ role }) => role === 'PROVIDER_ADMIN');
  const other = admins.findLast(({ username }) => !/northwind|alpenblick|lumiere/.test(username));
  if (other === undefined) throw new Error('the demo fleet has one root provider only');
  const page = await open(null, path);
  await page.getByLabel('User name').fill(other.username);
  await page.getByRole('textbox', { name: 'Password' }).fill(other.password.expose());
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await settled(page);
  return page;
}

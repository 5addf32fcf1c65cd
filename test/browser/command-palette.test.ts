import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { ownProvider } from './automation.ts';
import { settled, test } from './console.ts';
import { find } from './key.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const field = (page: Page) => palette(page).getByRole('textbox');
const hit = (page: Page, name: string) => palette(page).getByRole('button', { name });

/** The name of an organization that no screen has in its own. */
async function namesOf(page: Page): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return (await find(page, {})).filter(({ name }) => /^[A-Z][a-z]+ [A-Z]/.test(name));
}

test('a name that is typed is gone to by Enter', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk');
  await settled(page);
  const [{ id, name } = { id: '', name: '' }] = await namesOf(page);
  await page.keyboard.press('/');
  await field(page).pressSequentially(name);
  await hit(page, name).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/organizations/${encodeURIComponent(id)}$`));
});

test('while a name is looked for, what the one before has found is not gone to', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/support-desk');
  await settled(page);
  const [one, other] = await namesOf(page);
  if (one === undefined || other === undefined) throw new Error('the demo fleet has no two such names');
  const held = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    if (body.includes('query FindOrganizations') && body.includes(other.name)) await held.promise;
    return route.fallback();
  });
  await page.keyboard.press('/');
  await field(page).fill(one.name);
  await hit(page, one.name).first().waitFor();
  await field(page).fill(other.name);
  await palette(page).getByText('Looking').waitFor();
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).pathname).toBe('/support-desk');
  held.resolve();
  await hit(page, other.name).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/organizations/${encodeURIComponent(other.id)}$`));
});

test('the palette and the keys that lead to a screen stay in the tenant', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const id = await ownProvider(page);
  const tenant = () => new URL(page.url()).searchParams.get('in');
  await page.goto(new URL(`/organizations?in=${id}`, page.url()).href);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForURL(/\/support-desk/);
  expect(tenant()).toBe(id);
  await page.keyboard.press('/');
  await field(page).fill('Audit');
  await hit(page, 'Audit').first().click();
  await page.waitForURL(/\/audit/);
  expect(tenant()).toBe(id);
});

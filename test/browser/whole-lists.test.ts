import type { Page } from 'playwright-core';
import { addGroup } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, find } from './key.ts';

const PAGE = 'first: 200';
const SHORT_PAGE = 'first: 1';
const REFUSAL = { message: 'This took too long. Try again.', extensions: { code: 'TIMEOUT' } };

/** As if a page of a list held one row. @param isRefused whether the second page fails */
async function withShortPages(page: Page, operation: string, isRefused = false): Promise<void> {
  const isIt = new RegExp(`query ${operation}\\b`);
  await page.route('**/graphql', async (route) => {
    const asked = route.request().postData() ?? '';
    if (!isIt.test(asked)) return route.fallback();
    if (!asked.includes(PAGE)) throw new Error(`${operation} asks for pages of another size`);
    if (isRefused && /"after":"/.test(asked)) {
      return route.fulfill({ json: { data: null, errors: [REFUSAL] } });
    }
    await route.continue({ postData: asked.replace(PAGE, SHORT_PAGE) });
  });
}

test('a provider on the second page and behind it can be switched to', async ({ open, site }) => {
  const page = await open('PLATFORM_ADMIN', AWAY);
  await withShortPages(page, 'Tenants');
  await page.goto(`${site.server.url}/organizations`);
  await settled(page);
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('textbox', { name: 'Find a provider' }).fill('Northwind');
  await page
    .getByRole('option', { name: /^Northwind/ })
    .first()
    .click();
  await page.waitForURL(/[?&]in=/);
});

test('providers that could not be looked up are not told as none', async ({ open, site }) => {
  const page = await open('PLATFORM_ADMIN', AWAY);
  await withShortPages(page, 'Tenants', true);
  await page.goto(`${site.server.url}/organizations`);
  await settled(page);
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('textbox', { name: 'Find a provider' }).fill('Northwind');
  await page.getByText('Not every provider could be looked up now').waitFor();
});

test('a saved group on the second page can be chosen', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const [{ id = '' } = {}] = await find(page, ACTIVE);
  await addGroup(page, 'Paged Abbeys', [id]);
  await addGroup(page, 'Paged Zebras', [id]);
  await withShortPages(page, 'SavedGroups');
  await page.goto(`${site.server.url}/sync/new?by=group`);
  await settled(page);
  await page.getByRole('combobox', { name: 'Saved group' }).click();
  await page.getByRole('option', { name: /^Paged Zebras/ }).click();
  await page.getByText('1 organization', { exact: true }).waitFor();
});

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addGroup } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, find } from './key.ts';

const rows = (page: Page) => page.locator('tr[data-row]');
const namesOf = async (page: Page) => (await rows(page).allTextContents()).map((text) => text.toLowerCase());
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const header = (page: Page, name: string) => page.getByRole('columnheader', { name });

test('searches as somebody types, with the search in the URL', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await page.getByRole('searchbox').pressSequentially('gmbh', { delay: 20 });
  await expect.poll(() => parameter(page, 'q')).toBe('gmbh');
  await expect.poll(async () => (await namesOf(page)).every((name) => name.includes('gmbh'))).toBe(true);
  await page.reload();
  await settled(page);
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
});

test('the first rows are asked for once, and not only when it is known who is there', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const asked = Promise.withResolvers<void>();
  let questions = 0;
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    if (body.includes('query OrganizationsPage') && body.includes('"first":50')) {
      questions++;
      asked.resolve();
    }
    if (body.includes('query Viewer')) await asked.promise;
    await route.fallback();
  });
  await page.goto(`${site.server.url}/organizations?q=gmbh&sort=-SUBSCRIPTION_ENDS_AT`);
  await settled(page);
  expect(questions).toBe(1);
  expect((await namesOf(page)).every((name) => name.includes('gmbh'))).toBe(true);
});

/** Types a letter of its own accord as soon as an earlier search stands in the URL, before anything is shown of it. */
const typeWhenSearched = (letter: string) => `{
  const replaceState = history.replaceState.bind(history);
  history.replaceState = (...address) => {
    history.replaceState = replaceState;
    replaceState(...address);
    document.execCommand('insertText', false, ${JSON.stringify(letter)});
  };
}`;

test('no letter is lost that is typed while an earlier search comes back', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await page.clock.install();
  await page.goto(new URL('/organizations', page.url()).href);
  await settled(page);
  const letGo = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (!/"search":"gm"/.test(route.request().postData() ?? '')) return route.fallback();
    asked.resolve();
    await letGo.promise;
    await route.fallback();
  });
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.evaluate(typeWhenSearched('b'));
  await page.getByRole('searchbox').pressSequentially('gm');
  await page.clock.runFor(200);
  await asked.promise;
  await page.keyboard.press('h');
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
  letGo.resolve();
  await page.clock.runFor(1000);
  await expect.poll(() => parameter(page, 'q')).toBe('gmbh');
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
});

test('sorts by a press on a column head, either way', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const first = await rows(page).first().textContent();
  await header(page, 'Name').getByRole('button').click();
  await expect.poll(() => header(page, 'Name').getAttribute('aria-sort')).toBe('descending');
  await expect.poll(() => rows(page).first().textContent()).not.toBe(first);
  expect(parameter(page, 'sort')).toBe('-NAME');
});

test('filters show as chips that take them away again', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/organizations');
  await settled(page);
  await page.getByRole('button', { name: 'API key', exact: true }).first().click();
  await page.getByRole('checkbox', { name: 'Disabled' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => parameter(page, 'key')).toBe('DISABLED');
  await expect.poll(() => rows(page).filter({ hasText: 'Enabled' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Remove the filter API key: Disabled' }).click();
  await expect.poll(() => parameter(page, 'key')).toBeNull();
});

test('a filter that finds nothing says which one, and can be cleared', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?q=nobody%20is%20called%20this');
  await page.getByText('Nothing here is called “nobody is called this”.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows(page).first().waitFor();
});

test('the columns that are shown at first have room on a screen of 1280 px', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const scroller = page.getByRole('table').locator('..');
  expect(await scroller.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

test('columns are hidden, moved and resized, and a reload leaves them so', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Provider' }).uncheck();
  await page.getByRole('button', { name: 'Move Ends left' }).click();
  await page.keyboard.press('Escape');
  const grip = page.getByRole('separator', { name: 'Width of Name' });
  const before = Number(await grip.getAttribute('aria-valuenow'));
  await grip.focus();
  await page.keyboard.press('ArrowRight');
  await page.reload();
  await settled(page);
  expect(await header(page, 'Provider').count()).toBe(0);
  const heads = await page.getByRole('columnheader').allTextContents();
  expect(heads.indexOf('Ends')).toBeLessThan(heads.indexOf('Subscription') === -1 ? heads.length : heads.length - 1);
  expect(Number(await page.getByRole('separator', { name: 'Width of Name' }).getAttribute('aria-valuenow'))).toBe(
    before + 16,
  );
});

test('a view is saved under a name and comes back', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?key=DISABLED');
  await settled(page);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Save what you see as').fill('Disabled keys');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto(new URL('/organizations', page.url()).href);
  await settled(page);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'Disabled keys', exact: true }).click();
  await expect.poll(() => parameter(page, 'key')).toBe('DISABLED');
});

test('some rows are selected, or all that match', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await rows(page).nth(1).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText('1 organization selected').waitFor();
  await bar.getByRole('button', { name: /^Select all \d+ that match$/ }).click();
  await bar.getByText(/^All \d+ organizations selected$/).waitFor();
  await bar.getByRole('button', { name: 'Clear selection' }).click();
  await page.getByRole('searchbox').waitFor();
});

test('goes by keyboard alone: to a row, into its panel, out of it', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await rows(page).first().focus();
  await page.keyboard.press('ArrowDown');
  const name = await page.evaluate<string>('document.activeElement.querySelector("[title]").textContent');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name }).getByText('Base URL').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
});

test('the file holds what the list shows', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?key=DISABLED');
  await settled(page);
  const address = await page.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
  const file = await page.evaluate<string>(`fetch(${JSON.stringify(address)}).then((answer) => answer.text())`);
  const shown = await page.getByText(/^\d+ organizations$/).textContent();
  expect(file.trim().split('\r\n')).toHaveLength(Number.parseInt(shown ?? '', 10) + 1);
});

test('every row can be scrolled to', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const total = Number.parseInt((await page.getByText(/^\d+ organizations$/).textContent()) ?? '', 10);
  const scroller = page.getByRole('table').locator('..');
  await expect
    .poll(
      async () => {
        await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
        return rows(page).last().getAttribute('aria-rowindex');
      },
      { timeout: 10_000 },
    )
    .toBe(String(total + 1));
});

const REFUSAL = { message: 'This took too long. Try again.', extensions: { code: 'TIMEOUT' } };

test('a part of the list that does not come is told with its code, and asked for when somebody wants it', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  let refused = 0;
  await page.route('**/graphql', async (route) => {
    const { query = '', variables = {} } = route.request().postDataJSON() ?? {};
    if (!query.includes('OrganizationsPage') || variables.after == null) return route.fallback();
    refused += 1;
    await route.fulfill({ json: { data: null, errors: [REFUSAL] } });
  });
  await page.goto(new URL('/organizations', page.url()).href);
  const told = page.getByRole('alert').filter({ hasText: 'Not everything could be loaded.' });
  await told.getByText('TIMEOUT').waitFor();
  expect(await rows(page).count()).toBeGreaterThan(0);
  await page
    .getByRole('table')
    .locator('..')
    .evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await rows(page).last().waitFor();
  expect(refused).toBe(1);
  await told.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => refused).toBe(2);

  await page.unrouteAll();
  await told.getByRole('button', { name: 'Try again' }).click();
  await told.waitFor({ state: 'detached' });
});

const COUNT = 'query OrganizationsCount';

test('a count that failed alone is told beside the rows, and counted when somebody wants it', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes(COUNT)) return route.fallback();
    await route.fulfill({ json: { data: null, errors: [REFUSAL] } });
  });
  await page.goto(new URL('/organizations', page.url()).href);
  await page.getByText('Not counted: TIMEOUT').waitFor();
  await rows(page).first().waitFor();
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(/^\d+ organizations$/).waitFor();
});

test('the count stands while it is counted anew', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const shown = await page.getByText(/^\d+ organizations$/).textContent();
  const asked = Promise.withResolvers<void>();
  await page.route('**/graphql', (route) => {
    if (!(route.request().postData() ?? '').includes(COUNT)) return route.fallback();
    asked.resolve();
  });
  const [{ id = '' } = {}] = await find(page, ACTIVE);
  await addGroup(page, 'Counted anew', [id]);
  await asked.promise;
  await settled(page);
  expect(await page.getByText(/^\d+ organizations$/).textContent()).toBe(shown);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('another filter is another list, in which nothing is selected', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const bar = page.getByRole('region', { name: 'Selection' });
  await rows(page).first().getByRole('checkbox').check();
  await bar.getByRole('button', { name: /^Select all \d+ that match$/ }).click();
  await rows(page)
    .first()
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await page.getByRole('menuitem', { name: /^Only / }).click();
  await bar.waitFor({ state: 'detached' });
  await settled(page);
  await rows(page).first().getByRole('checkbox').check();
  await bar.getByText('1 organization selected').waitFor();
  await page.goBack();
  await bar.waitFor({ state: 'detached' });
});

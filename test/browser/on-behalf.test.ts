import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { lendTo, ownProvider } from './automation.ts';
import { AWAY, type OpenPage, type Site, settled, test } from './console.ts';
import { ACTIVE, askAs, button, find } from './key.ts';
import { openElsewhere } from './people.ts';

const NORTHWIND = 'Northwind Managed Services';
const LONG = { timeout: 60_000 };
const banner = (page: Page) => page.getByText(`On behalf of ${NORTHWIND}`, { exact: true });

/** How many organizations there are to whoever looks at the overview. */
const figure = (page: Page) =>
  page
    .getByRole('list', { name: 'At a glance' })
    .getByRole('link', { name: /Organizations/ })
    .locator('data')
    .getAttribute('value');

interface Lent {
  /** Of whoever it is lent to. */
  readonly page: Page;
  /** Of whoever lends. */
  readonly admin: Page;
}

/** Two organizations are lent to the other provider while somebody there has the console open. */
async function lend(site: Site, open: OpenPage, path: string): Promise<Lent> {
  const page = await openElsewhere(site, open, path);
  const admin = await open('PROVIDER_ADMIN', AWAY);
  const organizations = (await find(admin, ACTIVE)).slice(0, 2);
  const ids = organizations.map(({ id }) => id);
  await lendTo(page, admin, await ownProvider(page), ids);
  return { page, admin };
}

async function actOnBehalf(page: Page): Promise<void> {
  await button(page, 'My account').click();
  await page.getByRole('menuitem', { name: NORTHWIND }).first().click();
  await banner(page).waitFor();
}

/** The newest one that the provider on the page has lent. */
async function endNewest(admin: Page): Promise<void> {
  const newest = '{ delegations(first: 1, filter: { side: GRANTED, isActive: true }) { nodes { id } } }';
  const { delegations } = await askAs<{ delegations: { nodes: { id: string }[] } }>(admin, newest, {});
  const end = 'mutation($input: EndDelegationInput!) { endDelegation(input: $input) { userErrors { message } } }';
  await askAs(admin, end, { input: { delegationId: delegations.nodes[0]?.id } });
}

test('what was lent since is in the account menu, with what is behind the first page', LONG, async ({ open, site }) => {
  const page = await openElsewhere(site, open, '/organizations');
  await page.route('**/graphql', async (route) => {
    const asked = route.request().postData() ?? '';
    if (!/query LentToMe\b/.test(asked)) return route.fallback();
    await route.continue({ postData: asked.replace('first: 200', 'first: 1') });
  });
  const answered = page.waitForResponse((answer) => /query LentToMe\b/.test(answer.request().postData() ?? ''));
  await button(page, 'My account').click();
  await answered;
  await page.keyboard.press('Escape');
  const admin = await open('PROVIDER_ADMIN', AWAY);
  const [first] = await find(admin, ACTIVE);
  const grantee = await ownProvider(page);
  for (const ids of [[first?.id ?? ''], [first?.id ?? '']]) await lendTo(page, admin, grantee, ids);
  await button(page, 'My account').click();
  await expect.poll(() => page.getByRole('menuitem', { name: NORTHWIND }).count()).toBe(2);
});

test('under a delegation, and after it, nothing of before is left on the screen', LONG, async ({ open, site }) => {
  const { page } = await lend(site, open, '/overview');
  const own = await figure(page);
  expect(Number(own)).toBeGreaterThan(2);
  await actOnBehalf(page);
  await settled(page);
  expect(await figure(page)).toBe('2');
  await button(page, 'My account').click();
  await page.getByRole('menuitem', { name: `Stop acting for ${NORTHWIND}` }).click();
  await banner(page).waitFor({ state: 'detached' });
  await settled(page);
  expect(await figure(page)).toBe(own);
});

test('a file that is exported on behalf of another holds what was lent', LONG, async ({ open, site }) => {
  const { page } = await lend(site, open, '/organizations');
  await actOnBehalf(page);
  await settled(page);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^keyward-organizations-.*\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(3);
});

test(
  'whoever acts under a delegation that has ended is told, and is themselves again',
  LONG,
  async ({ open, site }) => {
    const { page, admin } = await lend(site, open, '/organizations');
    await actOnBehalf(page);
    await settled(page);
    expect(await page.locator('tr[data-row]').count()).toBe(2);
    await endNewest(admin);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByText(`You act on behalf of ${NORTHWIND} no more`).waitFor();
    await banner(page).waitFor({ state: 'detached' });
    await settled(page);
    expect(Number(await figure(page))).toBeGreaterThan(2);
  },
);

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type ConsoleRole, settled, test } from './console.ts';
import { ACTIVE, disable, find } from './key.ts';

const chart = (page: Page, name: string) => page.getByRole('list', { name, exact: true });
const numberIn = (text: string | null) => Number(/\d[\d,]*/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);

/** Follows a figure, and says how many rows the table then has, by its own count. */
async function countBehind(
  page: Page,
  list: string,
  name: string | RegExp,
): Promise<{ figure: number; found: number }> {
  const link = chart(page, list).getByRole('link', { name });
  const figure = Number(await link.locator('data').getAttribute('value'));
  await link.click();
  const summary = page.getByRole('status').filter({ hasText: /^[\d,]+ organizations?$/ });
  const nothing = page.getByRole('heading', { name: 'Nothing matches' });
  await summary.or(nothing).first().waitFor();
  const found = (await nothing.isVisible()) ? 0 : numberIn(await summary.textContent());
  return { figure, found };
}

const staff: readonly ConsoleRole[] = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'PLATFORM_ADMIN'];

test.for(staff)(
  '%s begins with figures, each of which leads to those it counts',
  { timeout: 90_000 },
  async (role, { open }) => {
    const page = await open(role, '/');
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/overview');
    const links: [string, string | RegExp][] = [
      ['At a glance', /Organizations/],
      ['At a glance', /Ending in 30 days/],
      ['Keys by status', /Enabled/],
      ['Keys by status', /Disabled by platform/],
      ['Keys by status', /No key/],
      ['Keys by age', /Under 30 days/],
      ['Keys by age', /180 days to a year/],
      ['Subscriptions ending', /Within 30 days/],
      ['Thresholds near', /75% or more/],
    ];
    let total = 0;
    for (const [list, name] of role === 'PROVIDER_ADMIN' ? links : links.slice(1, 4)) {
      const { figure, found } = await countBehind(page, list, name);
      expect(found, `${list}: ${name}`).toBe(figure);
      total += found;
      await page.goBack();
      await settled(page);
    }
    expect(total).toBeGreaterThan(0);
  },
);

test('drift of a provider leads to those that are on another string', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/overview');
  await settled(page);
  const { figure, found } = await countBehind(page, 'Drift', /On another string/);
  expect(found).toBe(figure);
  expect(found).toBeGreaterThan(0);
});

test('whoever may see the trail sees the last events; others are not offered it', async ({ open }) => {
  const admin = await open('PROVIDER_ADMIN', '/overview');
  await settled(admin);
  await chart(admin, 'Recent events').getByRole('link').first().click();
  await admin.getByRole('complementary', { name: 'Event' }).waitFor();
  const viewer = await open('PROVIDER_VIEWER', '/overview');
  await settled(viewer);
  expect(await viewer.getByText('Recent events').count()).toBe(0);
  expect(await viewer.getByRole('link', { name: 'Add organizations' }).count()).toBe(0);
});

test('the first steps tick themselves off, are for whoever sets things up, and stay away once hidden', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/overview');
  await settled(page);
  const steps = chart(page, 'First steps');
  await steps.getByRole('link', { name: 'Bring in your organizations (done)' }).waitFor();
  const api = steps.getByRole('link', { name: /Ask the API yourself/ });
  expect(await api.textContent()).not.toContain('(done)');
  await page.getByRole('button', { name: 'Hide' }).click();
  await page.reload();
  await settled(page);
  expect(await steps.count()).toBe(0);
  const support = await open('PROVIDER_SUPPORT', '/overview');
  await settled(support);
  expect(await chart(support, 'First steps').count()).toBe(0);
});

test('it is narrowed to the tenant that one is in', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', '/overview');
  await settled(page);
  const all = numberIn(await chart(page, 'At a glance').getByRole('link').first().textContent());
  await page.getByText('Choose one at the top').waitFor();
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('option').nth(1).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
  await chart(page, 'Drift').or(page.getByText('No two organizations share a string')).first().waitFor();
  await settled(page);
  const some = numberIn(await chart(page, 'At a glance').getByRole('link').first().textContent());
  expect(some).toBeLessThan(all);
  expect(some).toBeGreaterThan(0);
});

test('its figures follow what happens elsewhere', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/overview');
  await settled(page);
  const figureOf = async (list: string, name: string) =>
    Number(await chart(page, list).getByRole('link', { name }).locator('data').getAttribute('value'));
  const before = await figureOf('At a glance', 'Keys disabled');
  const [first] = await find(page, ACTIVE);
  await disable(page, first?.id ?? '');
  await expect.poll(() => figureOf('At a glance', 'Keys disabled'), { timeout: 30_000 }).toBe(before + 1);
  await chart(page, 'Recent events')
    .getByText(first?.name ?? '')
    .waitFor();
});

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { goToTab, ownOrganization } from './api-clients.ts';
import { AWAY, type ConsoleRole, settled, test } from './console.ts';
import { hold } from './held.ts';
import { ACTIVE, askAs, button, dialog, openFirst } from './key.ts';

const NEAR = { thresholdUsedPercentAtLeast: 75, apiKeyStatus: ['ENABLED'] };
const usage = (page: Page) => page.getByRole('region', { name: 'Usage' });
const number = (value: number) => value.toLocaleString('en');

interface Usage {
  readonly used: number;
  readonly threshold: number | null;
  readonly history: readonly { readonly calls: number }[];
}

async function usageOf(page: Page, id: string): Promise<Usage> {
  const since = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 - 29 * 86_400_000).toISOString();
  const query = `query($id: ID!, $since: DateTime!) { organization(id: $id) { apiKey { usage {
    used threshold history(since: $since, granularity: DAY) { calls } } } } }`;
  const { organization } = await askAs<{ organization: { apiKey: { usage: Usage } } }>(page, query, { id, since });
  return organization.apiKey.usage;
}

const staff: readonly ConsoleRole[] = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'PLATFORM_ADMIN'];

test.for(staff)(
  '%s sees what a key is used for, how near its threshold is, and its last call',
  async (role, { open }) => {
    const page = await open(role, AWAY);
    const { id } = await openFirst(page, NEAR);
    const { used, threshold, history } = await usageOf(page, id);
    await usage(page)
      .getByText(`${number(used)} of ${number(threshold ?? 0)} calls`)
      .waitFor();
    await usage(page).getByText('The first call over the threshold disables the key').waitFor();
    await usage(page)
      .getByText(/^Last call .+ from 198\.51\.100\.\d+\.$/)
      .waitFor();
    const sum = history.reduce((total, { calls }) => total + calls, 0);
    await usage(page)
      .getByRole('figure', { name: `Calls per day: ${number(sum)} calls in 30 days` })
      .waitFor();
    await usage(page).getByText('The same in figures').click();
    const cells = await usage(page).getByRole('cell').allTextContents();
    expect(cells).toEqual(history.map(({ calls }) => number(calls)).toReversed());
  },
);

test('the chart goes back hours, days or months, with the choice in the URL', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', AWAY);
  await openFirst(page, ACTIVE);
  await usage(page).getByText('24 hours', { exact: true }).click();
  await usage(page)
    .getByRole('figure', { name: /^Calls per hour: / })
    .waitFor();
  expect(new URL(page.url()).searchParams.get('usage')).toBe('hours');
  await usage(page).getByText('The same in figures').click();
  await expect.poll(() => usage(page).getByRole('cell').count()).toBe(24);
  await page.reload();
  await usage(page)
    .getByRole('figure', { name: /^Calls per hour: / })
    .waitFor();
  await usage(page).getByText('12 months', { exact: true }).click();
  await usage(page)
    .getByRole('figure', { name: /^Calls per month: / })
    .waitFor();
});

test('a slot without calls says so, and the other kind has a count of its own', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, ACTIVE);
  await page.getByRole('tab', { name: 'Sandbox submission' }).click();
  await usage(page).getByText('It was never called with.').waitFor();
  await usage(page).getByText('No calls in 30 days.').waitFor();
});

test("an organization's own admin sees the same of its key", async ({ open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  await goToTab(page, await ownOrganization(page), 'key');
  await usage(page).getByRole('figure').waitFor();
});

test('dialogs that break something say what was called last, and how much', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, NEAR);
  for (const verb of ['Edit', 'Regenerate', 'Delete', 'Disable']) {
    await button(page, verb).click();
    await dialog(page)
      .getByText(/^Last call .+ from 198\.51\.100\.\d+; [\d,]+ calls? in the last 24 hours\.$/)
      .waitFor();
    await dialog(page).getByText('No API session is open.').waitFor();
    await button(page, 'Cancel').click();
    await dialog(page).waitFor({ state: 'detached' });
  }
});

test('the table shows how much of a threshold is used, and narrows to those near it', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/organizations');
  await settled(page);
  await button(page, 'Threshold used').click();
  await page.getByRole('checkbox', { name: '75% or more' }).click();
  await page.keyboard.press('Escape');
  await button(page, 'Remove the filter Threshold used: 75% or more').waitFor();
  await settled(page);
  const shares = await page
    .locator('tr[data-row]')
    .getByText(/^\d+%$/)
    .allTextContents();
  expect(shares.length).toBeGreaterThan(1);
  expect(shares.every((text) => Number.parseInt(text, 10) >= 75)).toBe(true);
  await button(page, 'Threshold used').click();
  await page.getByRole('checkbox', { name: 'All of it' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => new URL(page.url()).searchParams.get('used')).toBe('100');
  const shown = () =>
    page
      .locator('tr[data-row]')
      .getByText(/^\d+%$/)
      .allTextContents();
  await expect.poll(async () => new Set(await shown()), { timeout: 10_000 }).toEqual(new Set(['100%']));
});

test('the calls of days are not told as those of hours', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', AWAY);
  await openFirst(page, NEAR);
  const figure = usage(page).getByRole('figure');
  await figure.waitFor();
  const { asked, letGo } = await hold(page, /query SlotUsage\b/);
  await usage(page).getByText('24 hours', { exact: true }).click();
  await asked;
  await figure.waitFor({ state: 'detached' });
  letGo();
  await usage(page)
    .getByRole('figure', { name: /^Calls per hour: / })
    .waitFor();
});

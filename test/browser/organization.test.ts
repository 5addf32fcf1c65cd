import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { auditActions } from '../../src/audit/audit-event.ts';
import { AWAY, settled, test } from './console.ts';
import { hold } from './held.ts';
import { ACTIVE, askAs, by, disable, find, openFirst } from './key.ts';

const card = (page: Page) => page.getByRole('region', { name: 'Subscription', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const banner = (page: Page) => page.getByRole('region', { name: 'Subscription expired' });

function nextYears(years: number): string {
  return `${new Date().getUTCFullYear() + years}-05-17`;
}

test('an expired key is read-only, says when it works again, and does when it is renewed', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  const expired = { ...by('SUBSCRIPTION_EXPIRED'), subscriptionStatus: ['EXPIRED'] };
  const disabled = (await find(page, by('SERVICE_PROVIDER'))).map(({ id }) => id);
  const { name } = await openFirst(page, expired, { choose: (all) => all.find(({ id }) => !disabled.includes(id)) });
  await banner(page).getByText('works again when renewed').waitFor();
  for (const verb of ['Edit', 'Regenerate', 'Delete']) {
    const button = page.getByRole('button', { name: verb, exact: true });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    const reason = page.locator(`[id="${await button.getAttribute('aria-describedby')}"]`);
    expect(await reason.textContent()).toMatch(/^The subscription ended on \d+ \w+ \d{4}\. Renew it first\.$/);
  }
  await banner(page).getByRole('button', { name: 'Renew' }).click();
  await page.getByRole('dialog', { name: `Renew the subscription of ${name}` }).waitFor();
  await dialog(page).getByLabel('Ends on').fill('2020-01-01');
  await dialog(page).getByRole('button', { name: 'Renew subscription' }).click();
  await dialog(page).getByText('The end lies in the past. Give a later one.').waitFor();
  await dialog(page).getByLabel('Ends on').fill(nextYears(2));
  await dialog(page).getByRole('button', { name: 'Renew subscription' }).click();
  await page.getByText(`Renewed the subscription of ${name}.`).waitFor();
  await banner(page).waitFor({ state: 'detached' });
  await card(page)
    .getByText(`17 May ${nextYears(2).slice(0, 4)}`)
    .waitFor();
  await page.getByRole('main').locator('header').getByText('Enabled').waitFor();
});

test('who may not renew is told whom to contact', async ({ open }) => {
  const page = await open('PROVIDER_VIEWER', AWAY);
  await openFirst(page, { ...by('SUBSCRIPTION_EXPIRED'), subscriptionStatus: ['EXPIRED'] });
  await banner(page)
    .getByText(/^Contact .+ to have it renewed\.$/)
    .waitFor();
  expect(await page.getByRole('main').getByRole('button', { name: 'Renew' }).count()).toBe(0);
});

test('the first subscription brings the key; cancelling it disables the key', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  const query =
    'mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }';
  const viewer = await askAs<{ viewer: { serviceProvider: { id: string } } }>(
    page,
    '{ viewer { serviceProvider { id } } }',
    {},
  );
  const name = 'Neu & Frisch GmbH';
  const input = { name, serviceProviderId: viewer.viewer.serviceProvider.id };
  const { createOrganization } = await askAs<{ createOrganization: { organization: { id: string } } }>(page, query, {
    input,
  });
  await page.goto(new URL(`/organizations/${createOrganization.organization.id}/key`, page.url()).href);
  await settled(page);
  expect(await page.getByRole('button', { name: 'Add key' }).getAttribute('aria-disabled')).toBe('true');
  await page.getByText('There is no subscription yet. Apply one first.').waitFor();
  await card(page).getByRole('button', { name: 'Apply subscription' }).click();
  await dialog(page).getByLabel('Plan').fill('API Business');
  await dialog(page).getByLabel('Ends on').fill(nextYears(1));
  await dialog(page).getByLabel('Calls allowed').fill('25000');
  await dialog(page).getByLabel('In each').selectOption('DAY');
  await dialog(page).getByRole('button', { name: 'Apply subscription' }).click();
  await page.getByText(`Applied the subscription of ${name}.`).waitFor();
  await card(page).getByText('25,000 a day').waitFor();
  await page.getByRole('status', { name: 'API key' }).waitFor();
  await card(page).getByRole('button', { name: 'Cancel subscription' }).click();
  await dialog(page).getByText('It ends now, and with it every use of the key.').waitFor();
  await dialog(page).getByRole('button', { name: 'Keep it' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await card(page).getByRole('button', { name: 'Cancel subscription' }).click();
  await dialog(page).getByRole('button', { name: 'Cancel subscription' }).click();
  await banner(page).waitFor();
  await card(page).getByRole('button', { name: 'Apply another' }).waitFor();
});

test('the audit tab tells who did what and who was refused, by day, with what changed', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { id } = await openFirst(page, ACTIVE, { index: 1 });
  const disable = 'mutation($input: DisableApiKeyInput!) { disableApiKey(input: $input) { userErrors { code } } }';
  for (const note of ['Found on the web', 'Once more']) {
    await askAs(page, disable, { input: { organizationId: id, reason: 'SECURITY_INCIDENT', note } });
  }
  await page.getByRole('tab', { name: 'Audit' }).click();
  const items = page.getByRole('main').getByRole('listitem');
  await page.getByText('Security incident: Found on the web').waitFor();
  expect(await items.nth(0).textContent()).toContain('Ingrid Halvorsen tried to disable the key');
  expect(await items.nth(0).textContent()).toContain('Refused: ALREADY_DISABLED');
  expect(await items.nth(1).textContent()).toContain('Ingrid Halvorsen disabled the key');
  await items
    .nth(1)
    .getByRole('button', { name: /^Details of .+ UTC$/ })
    .click();
  await items.nth(1).getByText('enabled → disabled').waitFor();
  await items.nth(1).getByText('Provider admin').waitFor();
  await page.getByRole('button', { name: 'About' }).click();
  const asked = page.waitForRequest((request) => request.postData()?.includes('subscription.end') === true);
  await page.getByRole('checkbox', { name: 'Subscription', exact: true }).click();
  expect((await asked).postDataJSON()).toMatchObject({
    variables: { filter: { action: auditActions.filter((action) => action.startsWith('subscription.')) } },
  });
  await page.getByRole('checkbox', { name: 'Subscription', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Key revealed' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  expect(new URL(page.url()).searchParams.get('about')).toBe('reveal');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('Security incident: Found on the web').waitFor();
});

test("an organization's own people see their trail, and its page says who disabled the key", async ({ site, open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  const provider = await open('PROVIDER_SUPPORT', '/organizations');
  const disable = 'mutation($input: DisableApiKeyInput!) { disableApiKey(input: $input) { userErrors { code } } }';
  await askAs(provider, disable, { input: { organizationId: id, reason: 'NON_PAYMENT', note: 'Invoice 4711' } });
  await page.goto(`${site.server.url}/organizations/${id}/key`);
  const words = page.getByRole('region', { name: 'Disabled by provider' });
  await words.getByText('Invoice 4711').waitFor();
  expect(await words.textContent()).toContain('Tomasz Zieliński of your service provider disabled the key');
  await words.getByText('Contact Northwind Managed Services to have it enabled.').waitFor();
  expect(await words.getByRole('button').count()).toBe(0);
  await page.getByText('The key is disabled.', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByText('Non-payment: Invoice 4711').waitFor();
});

const head = (page: Page) => page.getByRole('main').locator('header');

test('its head and the panel beside a list follow what somebody else does to the key', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { id, name } = await openFirst(page, ACTIVE, { index: 2 });
  const beside = await open('PROVIDER_SUPPORT', `/organizations?panel=${id}`);
  await settled(beside);
  const panel = beside.getByRole('complementary', { name });
  await panel.getByText('Enabled').waitFor();
  await head(page).getByText('Enabled').waitFor();
  await disable(page, id);
  await head(page).getByText('Disabled by provider').waitFor();
  await panel.getByRole('region', { name: 'Disabled by provider' }).waitFor();
});

test('the name of one organization does not stand above the key of another', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: 3 });
  const [other] = await find(page, by('PLATFORM'));
  const { asked, letGo } = await hold(page, /query OrganizationHead\b/);
  await page.evaluate(
    `history.pushState(null, '', '/organizations/${other?.id}/key'), dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await asked;
  await expect.poll(() => page.getByRole('heading', { name }).count()).toBe(0);
  expect(await page.title()).not.toContain(name);
  letGo();
  await page.getByRole('heading', { name: other?.name ?? '' }).waitFor();
});

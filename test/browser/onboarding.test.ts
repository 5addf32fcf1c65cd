import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { credentialsOf, settled, test } from './console.ts';
import { chooseFile, fileWithErrors } from './files-to-import.ts';

test('a file is looked at, checked without a trace, mended, and imported row by row', { timeout: 60_000 }, async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding');
  await settled(page);
  await chooseFile(page, fileWithErrors);
  const rows = page.getByRole('table', { name: 'Rows of the file' });
  await rows.getByRole('cell', { name: 'Mills, Sons & Co.' }).waitFor();
  await page.getByRole('button', { name: 'Check file' }).click();
  const counts = page.getByRole('list', { name: 'What would happen' });
  await counts.getByText('3 will be added').waitFor();
  expect(await counts.textContent()).toContain('4 are refused');
  // What is wrong stands where it is wrong.
  const wrong = rows.getByRole('row', { name: /Old Mill Bakery/ }).locator('td[data-wrong]');
  expect(await wrong.count()).toBe(1);
  expect(await wrong.textContent()).toContain('2099-02-30');
  const importAll = page.getByRole('button', { name: 'Import 3 organizations' });
  expect(await importAll.isDisabled()).toBe(true);
  await page.getByText('4 rows are refused. Mend the file and choose it again, or import row by row.').waitFor();
  await page.getByText('Refused rows', { exact: true }).click();
  await expect.poll(() => rows.locator('tbody tr').count()).toBe(4);
  await page.getByRole('radio', { name: /^Row by row/ }).check();
  await importAll.click();
  await page.getByText('Added 3 organizations. 4 rows were refused.').waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download report' }).click(),
  ]);
  const report = await readFile(await download.path(), 'utf8');
  expect(report.split('\r\n')[0]).toBe('row,outcome,organization.id,column,code,message');
  expect(report).toContain('REFUSED');

  // It is still there after a reload, and the same file again adds nothing.
  await page.reload();
  await page.getByText('Added 3 organizations. 4 rows were refused.').waitFor();
  await page.getByRole('button', { name: 'Import another file' }).click();
  await chooseFile(page, fileWithErrors);
  await page.getByRole('button', { name: 'Check file' }).click();
  await counts.getByText('3 are there already').waitFor();
  expect(
    await page
      .getByRole('button', { name: /^Import/ })
      .last()
      .isDisabled(),
  ).toBe(true);
});

test('a file that is broken as a whole says where', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', '/onboarding');
  await settled(page);
  await chooseFile(page, 'name,colour\r\nHarbour Clinic,red\r\n');
  expect(await page.getByRole('button', { name: 'Check file' }).isDisabled()).toBe(true);
  await page.getByRole('combobox', { name: 'Organizations of' }).click();
  await page.getByRole('option').first().click();
  await page.getByRole('button', { name: 'Check file' }).click();
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('Row 1: Column 2 is none of');
});

test('an import of many rows is followed in the background', { timeout: 60_000 }, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding');
  await settled(page);
  const names = Array.from({ length: 1500 }, (_, index) => `Background customer ${index}`);
  await chooseFile(page, ['name', ...names, ''].join('\r\n'));
  await page.getByText('100 of 1,500 rows').waitFor();
  await page.getByRole('button', { name: 'Check file' }).click();
  await page.getByRole('button', { name: 'Import 1,500 organizations' }).click({ timeout: 40_000 });
  await page.getByText('Added 1,500 organizations.').waitFor({ timeout: 40_000 });
  await page.getByRole('link', { name: 'See organizations' }).click();
  await page.getByText('Background customer').first().waitFor();
});

test('one organization is added with its subscription, and gets its key at once', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await page.getByRole('link', { name: 'Add', exact: true }).click();
  await page.getByRole('tab', { name: 'New organization' }).click();
  const form = page.getByRole('form', { name: 'New organization' });
  await form.getByLabel('Name').fill('Lighthouse Opticians');
  await form.getByLabel('Plan').fill('API Basic');
  await form.getByRole('button', { name: 'Add organization' }).click();
  await page.getByText('Added Lighthouse Opticians with its subscription.').waitFor();
  // The same name again is refused in place, and nothing typed is lost.
  await form.getByLabel('Name').fill('lighthouse opticians');
  await form.getByLabel('Plan').fill('API Basic');
  await form.getByRole('button', { name: 'Add organization' }).click();
  await expect.poll(() => form.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
  expect(await form.getByLabel('Plan').inputValue()).toBe('API Basic');
  await page.getByRole('link', { name: 'Open organization' }).click();
  await page.getByRole('heading', { name: 'Lighthouse Opticians' }).waitFor();
  await page.getByText('Enabled').first().waitFor();
});

test('a subscription that is refused leaves an organization that can be given another', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding/organization');
  const form = page.getByRole('form', { name: 'New organization' });
  await form.getByLabel('Name').fill('Windmill Dentists');
  await form.getByLabel('Plan').fill('API Basic');
  await form.getByLabel('Ends on').fill('2020-01-01');
  await form.getByRole('button', { name: 'Add organization' }).click();
  await page.getByText('Windmill Dentists is added, but its subscription was refused.').waitFor();
  await form.getByLabel('Ends on').fill('2099-01-01');
  await form.getByRole('button', { name: 'Apply subscription' }).click();
  await page.getByText('Added Windmill Dentists with its subscription.').waitFor();
});

test('an organization that is there gets a subscription', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding/organization');
  const organization = page.getByRole('form', { name: 'New organization' });
  await organization.getByLabel('Name').fill('Ferry Bakery');
  await organization.getByLabel('Apply a subscription at once').uncheck();
  await organization.getByRole('button', { name: 'Add organization' }).click();
  await page.getByText('Added Ferry Bakery, without a subscription').waitFor();
  await page.getByRole('tab', { name: 'New subscription' }).click();
  const form = page.getByRole('form', { name: 'New subscription' });
  await form.getByRole('combobox', { name: 'Organization' }).fill('Ferry Bak');
  await page.getByRole('option', { name: /^Ferry Bakery/ }).click();
  await form.getByLabel('Plan').fill('API Basic');
  await form.getByRole('button', { name: 'Apply subscription' }).click();
  await page.getByText('Applied the subscription to Ferry Bakery').waitFor();
});

test('a provider adds resellers, the platform adds providers', async ({ open }) => {
  const admin = await open('PROVIDER_ADMIN', '/onboarding/provider');
  const reseller = admin.getByRole('form', { name: 'New reseller' });
  await reseller.getByLabel('Name').fill('Canal Street IT');
  await reseller.getByRole('button', { name: 'Add reseller' }).click();
  await admin.getByText('Added Canal Street IT.').waitFor();
  const platform = await open('PLATFORM_ADMIN', '/onboarding/provider');
  const provider = platform.getByRole('form', { name: 'New provider' });
  await provider.getByLabel('Name').fill('Eastwind MSP');
  await provider.getByLabel('Base URL').fill('https://api.eastwind.example');
  await provider.getByRole('button', { name: 'Add provider' }).click();
  await platform.getByText('Added Eastwind MSP.').waitFor();
});

test.for(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'ORG_ADMIN'] as const)(
  '%s is offered no onboarding, and told why at its address',
  async (role, { open }) => {
    const page = await open(role, '/onboarding');
    await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
    await page.goto(new URL('/organizations', page.url()).href);
    await page.getByRole('main').waitFor();
    expect(await page.getByRole('link', { name: 'Add', exact: true }).count()).toBe(0);
  },
);

test('an import is followed to its end, whatever comes between', { timeout: 60_000 }, async ({ site, open }) => {
  const page = await open('PROVIDER_ADMIN', '/onboarding', { forgive: /status of 503/ });
  await settled(page);
  await chooseFile(page, 'name\r\nFollowed Bakery\r\n');
  await page.getByRole('button', { name: 'Check file' }).click();
  const start = page.getByRole('button', { name: 'Import 1 organization' });
  await start.waitFor();
  await page.route('**/imports/organizations', async (route) => {
    const answer = await route.fetch();
    const view = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: { ...view, status: 'RUNNING', done: 0, finishedAt: null } });
  });
  const answers = [
    { status: 503, json: { code: 'INTERNAL', message: 'The server is busy or stopping. Try again.' } },
    { status: 401, json: { code: 'UNAUTHENTICATED', message: 'Sign in.' } },
  ];
  await page.route(/\/imports\/[^/]+$/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const answer = answers.shift();
    await (answer === undefined ? route.fallback() : route.fulfill(answer));
  });
  await start.click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  expect(await page.getByText(/^Added/).count()).toBe(0);
  expect(await page.getByText('Importing: 0 of 1 row').count()).toBe(1);
  const { username, password } = credentialsOf(site, 'PROVIDER_ADMIN');
  await dialog.getByLabel('User name').fill(username);
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Added 1 organization.').waitFor();
});

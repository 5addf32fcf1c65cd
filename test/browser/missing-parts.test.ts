import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';

/** As when a new version was installed while the page was open. */
const forgive = /ERR_FAILED|status of 503|Failed to fetch dynamically imported module/;

test('a sign-in that did not come says so, and can be loaded again', async ({ site, open }) => {
  const page = await open(null, AWAY, { forgive });
  await page.route('**/assets/sign-in-page-*.js', (route) => route.abort());
  await page.goto(site.server.url);
  await page.getByText('This page could not be shown.').waitFor();
  await page.unroute('**/assets/sign-in-page-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('User name').waitFor();
});

test('when the session has ended and the sign-in does not come, what was typed can still be copied', async ({
  site,
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY, { forgive });
  await page.route('**/assets/session-ended-*.js', (route) => route.abort());
  await page.goto(`${site.server.url}/organizations`);
  await settled(page);
  await page.context().clearCookies();
  await page.getByRole('searchbox').fill('gmbh');
  const notice = page.getByRole('alert').filter({ hasText: 'Your session has ended' });
  await notice.waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
  await page.unroute('**/assets/session-ended-*.js');
  await notice.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('User name').waitFor();
});

test('where messages cannot be shown, that is said, and a new page shows them', async ({ site, open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY, { forgive });
  await page.route('**/assets/toast-list-*.js', (route) => route.abort());
  await page.route('**/auth/session', (route) => route.fulfill({ status: 503 }));
  await page.goto(`${site.server.url}/organizations`);
  const notice = page.getByRole('alert').filter({ hasText: 'Nothing tells here whether a command was done.' });
  await notice.waitFor();
  await page.unroute('**/assets/toast-list-*.js');
  await notice.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('alert').getByText('You are still signed in').waitFor();
});

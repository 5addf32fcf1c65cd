import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';

/** Every screen that shows something of the API and needs nothing named to be reached. */
const screens = [
  '/overview',
  '/organizations',
  '/sync',
  '/sync/drift',
  '/sync/groups',
  '/sync/approvals',
  '/support-desk',
  '/rotation',
  '/rotation/planned',
  '/webhooks',
  '/notifications',
  '/audit',
  '/people',
  '/people/roles',
  '/people/service-accounts',
  '/people/delegations',
  '/settings/provider',
  '/settings/single-sign-on',
];

const REFUSAL = { message: 'This took too long. Try again.', extensions: { code: 'TIMEOUT' } };
/** What the bar above every screen asks. */
const OF_THE_SHELL = /query (Viewer|Tenants|Notices|LentToMe)\b/;
const SHAPE = '[aria-busy="true"], .mantine-Skeleton-root';

/** Lets no question of the screen come through before it says how. */
async function hold(page: Page): Promise<(answer: 'REFUSED' | 'ANSWERED') => void> {
  const first = Promise.withResolvers<void>();
  let isRefused = true;
  await page.route('**/graphql', async (route: Route) => {
    if (OF_THE_SHELL.test(route.request().postData() ?? '')) return route.fallback();
    await first.promise;
    await (isRefused ? route.fulfill({ json: { data: null, errors: [REFUSAL] } }) : route.fallback());
  });
  return (answer) => {
    isRefused = answer === 'REFUSED';
    first.resolve();
  };
}

test.for(screens)(
  '%s has its shape while nothing has come, and tells what did not come',
  async (path, { open, site }) => {
    const page = await open('PROVIDER_ADMIN', AWAY);
    const answer = await hold(page);
    await page.goto(`${site.server.url}${path}`);
    const main = page.getByRole('main');
    await main.locator(SHAPE).first().waitFor();
    expect(await main.locator('.mantine-Loader-root').count()).toBe(0);

    answer('REFUSED');
    const code = main.getByText(REFUSAL.extensions.code);
    await code.first().waitFor();
    await settled(page);

    answer('ANSWERED');
    await expect
      .poll(async () => {
        const again = main.getByRole('button', { name: 'Try again' });
        // What was asked for by another one meanwhile may have come: then it is gone.
        if ((await again.count()) > 0)
          await again
            .first()
            .click({ timeout: 500 })
            .catch(() => undefined);
        return code.count();
      })
      .toBe(0);
    await settled(page);
  },
);

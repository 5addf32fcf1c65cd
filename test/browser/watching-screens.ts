import type { ShownScreen } from './shown-screen.ts';

/** What is looked at to see how the fleet does: the support desk, the overview, the trail. */
export const watchingScreens: readonly ShownScreen[] = [
  { name: 'support-desk', as: 'PROVIDER_SUPPORT', path: '/support-desk' },
  { name: 'support-desk-nothing', as: 'PROVIDER_SUPPORT', path: '/support-desk?q=nobody%20is%20called%20this' },
  {
    name: 'support-desk-enable',
    as: 'PROVIDER_SUPPORT',
    path: '/support-desk?source=SERVICE_PROVIDER',
    andThen: async (page) => {
      await page
        .getByRole('button', { name: /^Enable the key of/ })
        .first()
        .click();
      await page.getByRole('dialog').getByLabel('Why it is enabled').waitFor();
    },
  },
  { name: 'overview', as: 'PROVIDER_ADMIN', path: '/overview' },
  {
    name: 'overview-end',
    as: 'PROVIDER_ADMIN',
    path: '/overview',
    andThen: (page) =>
      page.getByRole('region', { name: 'Recent events' }).getByRole('listitem').last().scrollIntoViewIfNeeded(),
  },
  {
    name: 'overview-nothing',
    as: 'PLATFORM_ADMIN',
    path: '/onboarding/provider',
    andThen: async (page) => {
      await page.getByLabel('Name').fill('Empty Harbour MSP');
      await page.getByLabel('Base URL').fill('https://api.example');
      await page.getByRole('button', { name: 'Add provider' }).click();
      await page.getByRole('link', { name: 'See its organizations' }).click();
      await page.getByRole('heading', { name: 'No organizations yet' }).waitFor();
      await page.goto(page.url().replace('/organizations', '/overview'));
      await page.getByRole('heading', { name: 'No organizations yet' }).waitFor();
    },
  },
  { name: 'overview-viewer', as: 'PROVIDER_VIEWER', path: '/overview' },
  { name: 'overview-platform', as: 'PLATFORM_ADMIN', path: '/overview' },
  { name: 'audit', as: 'PROVIDER_ADMIN', path: '/audit' },
  {
    name: 'audit-filtered',
    as: 'PROVIDER_SUPPORT',
    path: '/audit?result=refused&action=api_key.regenerate,api_key.edit',
  },
  {
    name: 'audit-nothing',
    as: 'PROVIDER_ADMIN',
    path: '/audit?action=secrets.rotate&since=2001-01-01&through=2001-01-02',
  },
  {
    name: 'audit-event',
    as: 'PROVIDER_ADMIN',
    path: '/audit?action=api_key.regenerate',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().click();
      await page.getByRole('complementary', { name: 'Event' }).getByText('Before and after').waitFor();
    },
  },
  {
    name: 'audit-action-filter',
    as: 'PROVIDER_ADMIN',
    path: '/audit',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Action', exact: true }).click();
      await page.getByRole('checkbox', { name: 'Regenerate the key' }).waitFor();
    },
  },
];

import { addServer, goToTab, logClientIn, ownOrganization } from './api-clients.ts';
import { AWAY } from './console.ts';
import { ACTIVE, openFirst } from './key.ts';
import type { ShownScreen } from './shown-screen.ts';

const NEAR = { thresholdUsedPercentAtLeast: 75, apiKeyStatus: ['ENABLED'] };

/** Where keys are used: calls, sessions, and the servers whose tokens stand for them. */
export const dataPlaneScreens: readonly ShownScreen[] = [
  { name: 'organizations-near-threshold', as: 'PROVIDER_ADMIN', path: '/organizations?used=75' },
  {
    name: 'key-near-threshold',
    as: 'PROVIDER_SUPPORT',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, NEAR)),
  },
  {
    name: 'key-usage-hours',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, ACTIVE, { index: 6, tab: 'key?usage=hours' });
      await page.getByText('The same in figures').click();
      await page.getByRole('figure', { name: /^Calls per hour/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'api-sessions-none',
    as: 'PROVIDER_SUPPORT',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, ACTIVE, { tab: 'sessions' })),
  },
  {
    name: 'api-sessions',
    as: 'ORG_ADMIN',
    path: '/',
    andThen: async (page, site) => {
      await logClientIn(site, page, 'AcmeSync/4.2 (Linux; java/21)');
      await logClientIn(site, page, 'curl/8.5.0');
      await goToTab(page, await ownOrganization(page), 'sessions');
      await page
        .getByRole('button', { name: /^End the session/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'api-sessions-end-all',
    as: 'ORG_ADMIN',
    path: '/',
    andThen: async (page, site) => {
      await logClientIn(site, page, 'curl/8.5.0');
      await goToTab(page, await ownOrganization(page), 'sessions');
      await page.getByRole('button', { name: 'End all sessions' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'key-dialog-in-use',
    as: 'ORG_ADMIN',
    path: '/',
    andThen: async (page, site) => {
      await logClientIn(site, page, 'curl/8.5.0');
      await goToTab(page, await ownOrganization(page), 'key');
      await page.getByRole('button', { name: 'Regenerate', exact: true }).click();
      await page
        .getByRole('dialog')
        .getByText(/API sessions? (is|are) open/)
        .waitFor();
    },
  },
  {
    name: 'oauth-servers-none',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, ACTIVE, { tab: 'oauth-servers' })),
  },
  {
    name: 'oauth-servers',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page, site) => {
      const { id } = await openFirst(page, ACTIVE, { index: 1 });
      await addServer(site, page, id, 'Company login');
      await addServer(site, page, id, 'Company login from next year on');
      await goToTab(page, id, 'oauth-servers');
      await page.getByText('Delete one first').waitFor();
    },
  },
  {
    name: 'oauth-servers-add',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page, site) => {
      await openFirst(page, ACTIVE, { index: 2, tab: 'oauth-servers' });
      await page.getByRole('button', { name: 'Add OAuth server' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Company login');
      await dialog.getByLabel('Issuer').fill('https://login.example.com');
      await dialog.getByLabel('URL of its keys').fill(`${site.keySets.origin}/private`);
      await dialog.getByLabel('Audience').fill('https://api.example.com');
      await dialog.getByRole('button', { name: 'Add OAuth server' }).click();
      await dialog.getByText('The key set shows private keys').waitFor();
    },
  },
];

import type { Page } from 'playwright-core';
import { automationScreens } from './automation-screens.ts';
import { AWAY } from './console.ts';
import { dataPlaneScreens } from './data-plane-screens.ts';
import { chooseFile, fileWithErrors } from './files-to-import.ts';
import { ACTIVE, by, longestNamed, openFirst, rightToLeft } from './key.ts';
import type { ShownScreen } from './shown-screen.ts';
import { openApproval, review, selectRows, startSync } from './sync-steps.ts';

/** Every screen and state of one that is looked at, by axe-core and in screenshots. */
export const shownScreens: readonly ShownScreen[] = [
  { name: 'sign-in', as: null, path: '/' },
  { name: 'organizations', as: 'PROVIDER_ADMIN', path: '/organizations' },
  {
    name: 'organizations-filtered',
    as: 'PROVIDER_ADMIN',
    path: '/organizations?key=DISABLED&sort=-KEY_LAST_MODIFIED_AT',
  },
  { name: 'organizations-nothing', as: 'PROVIDER_ADMIN', path: '/organizations?q=nobody%20is%20called%20this' },
  {
    name: 'organizations-panel',
    as: 'PROVIDER_ADMIN',
    path: '/organizations?key=DISABLED',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().click();
      await page.getByRole('complementary').getByText('Base URL').waitFor();
    },
  },
  {
    name: 'organizations-selected',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().waitFor();
      await page.getByRole('checkbox', { name: 'Select every row that is loaded' }).check();
    },
  },
  {
    name: 'organization',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await page.locator('tr[data-row]').nth(1).click();
      await page.getByRole('link', { name: 'Open organization' }).click();
      await page.getByRole('tab').first().waitFor();
    },
  },
  { name: 'organizations-platform', as: 'PLATFORM_ADMIN', path: '/organizations' },
  { name: 'organization-home', as: 'ORG_ADMIN', path: '/' },
  {
    name: 'shortcuts',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'command-palette',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().waitFor();
      await page.keyboard.press('/');
      await page.getByRole('dialog').getByRole('textbox').fill('a');
      await page.getByRole('dialog').getByText('Organizations').first().waitFor();
    },
  },
  {
    name: 'key',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, ACTIVE)),
  },
  {
    name: 'key-revealed',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, ACTIVE, { index: 1 });
      await page.getByRole('button', { name: 'Reveal key' }).click();
      await page.getByRole('timer').waitFor();
    },
  },
  {
    name: 'key-regenerated',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, ACTIVE, { index: 2 });
      await page.getByRole('button', { name: 'Regenerate' }).click();
      await page.getByRole('button', { name: 'Regenerate key' }).click();
      await page.getByRole('timer').waitFor();
    },
  },
  ...(['Edit', 'Regenerate', 'Delete', 'Disable', 'Renew', 'Cancel subscription'] as const).map((button) => ({
    name: `key-dialog-${button.toLowerCase().replace(' ', '-')}`,
    as: 'PROVIDER_ADMIN' as const,
    path: AWAY,
    andThen: async (page: Page) => {
      await openFirst(page, ACTIVE, { index: 3 });
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).waitFor();
    },
  })),
  {
    name: 'key-dialog-enable',
    as: 'PROVIDER_SUPPORT',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, by('SERVICE_PROVIDER'));
      await page.getByRole('button', { name: 'Enable', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Note').waitFor();
    },
  },
  {
    name: 'key-dialog-apply',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, { subscriptionStatus: ['EXPIRED'] });
      await page.getByRole('button', { name: /^Apply/ }).click();
      await page.getByRole('dialog').getByLabel('Plan').waitFor();
    },
  },
  ...(['PLATFORM', 'SERVICE_PROVIDER', 'CALL_THRESHOLD', 'SUBSCRIPTION_EXPIRED'] as const).flatMap((source) =>
    (['PROVIDER_ADMIN', 'PROVIDER_VIEWER'] as const).map((as) => ({
      name: `key-disabled-${source.toLowerCase()}-${as.toLowerCase()}`,
      as,
      path: AWAY,
      andThen: async (page: Page) => void (await openFirst(page, by(source))),
    })),
  ),
  {
    name: 'key-sandbox',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, ACTIVE, { tab: 'key?kind=sandbox-submission', index: 4 })),
  },
  {
    name: 'key-none',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, { apiKeyStatus: ['NONE'], subscriptionStatus: ['ACTIVE'] })),
  },
  {
    name: 'key-long-name',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, ACTIVE, { choose: longestNamed });
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  },
  {
    name: 'key-right-to-left',
    as: 'PLATFORM_ADMIN',
    path: AWAY,
    andThen: async (page) => void (await openFirst(page, ACTIVE, { choose: rightToLeft })),
  },
  {
    name: 'organization-audit',
    as: 'PROVIDER_ADMIN',
    path: AWAY,
    andThen: async (page) => {
      await openFirst(page, by('SERVICE_PROVIDER'), { tab: 'audit' });
      await page
        .getByRole('button', { name: /^Details of/ })
        .first()
        .click();
    },
  },
  { name: 'sync-first-use', as: 'PROVIDER_ADMIN', path: '/sync' },
  { name: 'sync-groups-first-use', as: 'PROVIDER_ADMIN', path: '/sync/groups' },
  { name: 'sync-approvals-first-use', as: 'PROVIDER_SUPPORT', path: '/sync/approvals' },
  { name: 'sync-drift', as: 'PROVIDER_ADMIN', path: '/sync/drift' },
  { name: 'sync-drift-platform', as: 'PLATFORM_ADMIN', path: '/sync/drift' },
  { name: 'sync-new', as: 'PROVIDER_ADMIN', path: '/sync/new?key=ENABLED' },
  { name: 'sync-new-forbidden', as: 'PROVIDER_VIEWER', path: '/sync/new' },
  {
    name: 'sync-new-refused',
    as: 'PROVIDER_ADMIN',
    path: '/sync/new?key=ENABLED,NONE',
    andThen: review,
  },
  { name: 'sync-new-review', as: 'PROVIDER_ADMIN', path: '/sync/new?key=ENABLED&subscription=ACTIVE', andThen: review },
  {
    name: 'sync-operation',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      const filter = { apiKeyStatus: ['NONE', 'DISABLED'] };
      const { id } = await startSync(page, { filter, atomicity: 'PER_ORGANIZATION' });
      await page.goto(new URL(`/sync/operations/${id}`, page.url()).href);
      await page.getByRole('button', { name: 'Download report' }).waitFor();
    },
  },
  { name: 'sync-operations', as: 'PROVIDER_ADMIN', path: '/sync' },
  { name: 'sync-approval', as: 'PROVIDER_ADMIN', path: '/sync', andThen: openApproval },
  {
    name: 'sync-dialog-disable',
    as: 'PROVIDER_ADMIN',
    path: '/organizations?key=ENABLED',
    andThen: async (page) => {
      await selectRows(page, 3);
      await page.getByRole('button', { name: 'Disable', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Note').waitFor();
    },
  },
  {
    name: 'sync-dialog-group',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await selectRows(page, 3);
      await page.getByRole('button', { name: 'Group', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('Pilot customers');
    },
  },
  {
    name: 'sync-groups',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await selectRows(page, 4);
      await page.getByRole('button', { name: 'Group', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('Pilot customers');
      await page.getByRole('button', { name: 'Save group' }).click();
      await page.goto(new URL('/sync/groups', page.url()).href);
      await page.locator('tr[data-row]').first().waitFor();
    },
  },
  ...dataPlaneScreens,
  ...automationScreens,
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
  { name: 'onboarding', as: 'PROVIDER_ADMIN', path: '/onboarding' },
  {
    name: 'onboarding-checked',
    as: 'PROVIDER_ADMIN',
    path: '/onboarding',
    andThen: async (page) => {
      await chooseFile(page, fileWithErrors);
      await page.getByRole('button', { name: 'Check file' }).click();
      await page.getByRole('list', { name: 'What would happen' }).waitFor();
    },
  },
  {
    name: 'onboarding-broken',
    as: 'PROVIDER_ADMIN',
    path: '/onboarding',
    andThen: async (page) => {
      await chooseFile(page, 'name,colour\r\nHarbour Clinic,red\r\n');
      await page.getByRole('button', { name: 'Check file' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'onboarding-imported',
    as: 'PROVIDER_ADMIN',
    path: '/onboarding',
    andThen: async (page) => {
      await chooseFile(page, 'name\r\nPictured Harbour Clinic\r\nPictured Old Mill\r\n');
      await page.getByRole('button', { name: 'Check file' }).click();
      await page.getByRole('button', { name: 'Import 2 organizations' }).click();
      await page.getByText('Added 2 organizations.').waitFor();
    },
  },
  { name: 'onboarding-organization', as: 'PROVIDER_ADMIN', path: '/onboarding/organization' },
  { name: 'onboarding-subscription', as: 'PROVIDER_ADMIN', path: '/onboarding/subscription' },
  { name: 'onboarding-provider', as: 'PLATFORM_ADMIN', path: '/onboarding/provider' },
  { name: 'onboarding-no-permission', as: 'PROVIDER_SUPPORT', path: '/onboarding' },
  {
    name: 'sign-in-single-sign-on',
    as: null,
    path: '/',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Use single sign-on' }).click();
      await page.getByLabel('Single sign-on address').waitFor();
    },
  },
  { name: 'people', as: 'PROVIDER_ADMIN', path: '/people' },
  { name: 'people-nobody-found', as: 'PROVIDER_ADMIN', path: '/people?q=nobody%20is%20called%20this' },
  {
    name: 'people-row-menu',
    as: 'PROVIDER_ADMIN',
    path: '/people',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Actions for Ingrid Halvorsen' }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'people-add',
    as: 'PROVIDER_ADMIN',
    path: '/people',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Add somebody' }).click();
      await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('dialog').getByRole('list', { name: 'Permissions' }).waitFor();
    },
  },
  { name: 'people-organization', as: 'ORG_ADMIN', path: '/people' },
  { name: 'people-roles', as: 'PROVIDER_ADMIN', path: '/people/roles' },
  {
    name: 'people-role-dialog',
    as: 'PLATFORM_ADMIN',
    path: '/organizations',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Switch tenant' }).click();
      await page.getByRole('option').nth(1).click();
      await page.waitForURL(/in=/);
      await page.goto(page.url().replace('/organizations', '/people/roles'));
      await page.getByRole('button', { name: 'Create role' }).first().click();
      await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    },
  },
  { name: 'people-service-accounts', as: 'PROVIDER_ADMIN', path: '/people/service-accounts' },
  {
    name: 'people-service-account-secret',
    as: 'PROVIDER_ADMIN',
    path: '/people/service-accounts',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Create service account' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Create a service account' });
      await dialog.getByLabel('Name').fill('Nightly report');
      await dialog.getByRole('checkbox', { name: /See organizations/ }).check();
      await dialog.getByRole('button', { name: 'Create and show secret' }).click();
      await page.getByLabel('Client secret', { exact: true }).waitFor();
    },
  },
  {
    name: 'notices',
    as: 'PROVIDER_SUPPORT',
    path: '/organizations',
    andThen: async (page) => {
      await page.locator('tr[data-row]').first().waitFor();
      await page.getByRole('button', { name: /^Notices/ }).click();
      await page.getByRole('dialog', { name: 'Notices' }).waitFor();
    },
  },
  { name: 'people-delegations', as: 'PROVIDER_ADMIN', path: '/people/delegations' },
  {
    name: 'people-delegation-grant',
    as: 'PROVIDER_ADMIN',
    path: '/people/delegations',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Lend access' }).first().click();
      await page.getByRole('dialog').getByLabel('Note').waitFor();
    },
  },
  { name: 'settings', as: 'PROVIDER_SUPPORT', path: '/settings' },
  { name: 'settings-provider', as: 'PROVIDER_ADMIN', path: '/settings/provider' },
  { name: 'settings-platform', as: 'PLATFORM_ADMIN', path: '/settings/provider' },
  { name: 'settings-single-sign-on', as: 'PROVIDER_ADMIN', path: '/settings/single-sign-on' },
  {
    name: 'settings-trust-issuer',
    as: 'PROVIDER_ADMIN',
    path: '/settings/single-sign-on',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Trust an issuer' }).click();
      await page.getByRole('dialog').getByLabel('Audience').waitFor();
    },
  },
  {
    name: 'graphiql',
    as: 'PROVIDER_ADMIN',
    path: '/graphiql',
    andThen: (page) => page.locator('.graphiql-query-editor .view-line').first().waitFor(),
  },
  { name: 'not-found', as: 'PROVIDER_ADMIN', path: '/nothing/here' },
];

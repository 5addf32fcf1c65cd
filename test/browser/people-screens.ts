import type { ShownScreen } from './shown-screen.ts';

/** Who may act. */
export const peopleScreens: readonly ShownScreen[] = [
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
];

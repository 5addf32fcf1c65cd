import type { ShownScreen } from './shown-screen.ts';

/** Organizations in their list and one of them, with what is reached from there by keyboard. */
export const organizationScreens: readonly ShownScreen[] = [
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
];

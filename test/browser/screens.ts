import { automationScreens } from './automation-screens.ts';
import { dataPlaneScreens } from './data-plane-screens.ts';
import { keyScreens } from './key-screens.ts';
import { onboardingScreens } from './onboarding-screens.ts';
import { organizationScreens } from './organization-screens.ts';
import { peopleScreens } from './people-screens.ts';
import { settingsScreens } from './settings-screens.ts';
import type { ShownScreen } from './shown-screen.ts';
import { syncScreens } from './sync-screens.ts';
import { watchingScreens } from './watching-screens.ts';

/** Every screen and state of one that is looked at, by axe-core and in screenshots. */
export const shownScreens: readonly ShownScreen[] = [
  { name: 'sign-in', as: null, path: '/' },
  ...organizationScreens,
  ...keyScreens,
  ...syncScreens,
  ...dataPlaneScreens,
  ...automationScreens,
  ...watchingScreens,
  ...onboardingScreens,
  {
    name: 'sign-in-single-sign-on',
    as: null,
    path: '/',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Use single sign-on' }).click();
      await page.getByLabel('Single sign-on address').waitFor();
    },
  },
  ...peopleScreens,
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
  ...settingsScreens,
  {
    name: 'graphiql',
    as: 'PROVIDER_ADMIN',
    path: '/graphiql',
    andThen: (page) => page.locator('.graphiql-query-editor .view-line').first().waitFor(),
  },
  { name: 'not-found', as: 'PROVIDER_ADMIN', path: '/nothing/here' },
];

import type { Page } from 'playwright-core';
import { AWAY } from './console.ts';
import { ACTIVE, by, longestNamed, openFirst, rightToLeft } from './key.ts';
import type { ShownScreen } from './shown-screen.ts';

/** One organization's key in each of its states, what is done to it, and its trail. */
export const keyScreens: readonly ShownScreen[] = [
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
];

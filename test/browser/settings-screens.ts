import type { ShownScreen } from './shown-screen.ts';

/** What somebody settles for themselves and for their provider. */
export const settingsScreens: readonly ShownScreen[] = [
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
];

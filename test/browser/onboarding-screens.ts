import { chooseFile, fileWithErrors } from './files-to-import.ts';
import type { ShownScreen } from './shown-screen.ts';

/** How tenants are added, by file and by hand. */
export const onboardingScreens: readonly ShownScreen[] = [
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
];

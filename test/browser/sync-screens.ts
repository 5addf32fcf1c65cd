import type { ShownScreen } from './shown-screen.ts';
import { openApproval, review, selectRows, startSync } from './sync-steps.ts';

/** Many keys at once. */
export const syncScreens: readonly ShownScreen[] = [
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
];

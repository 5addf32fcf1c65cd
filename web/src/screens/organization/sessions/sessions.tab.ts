import type { OrganizationTab } from '../../../app/screen.ts';

export default {
  path: 'sessions',
  label: 'API sessions',
  order: 20,
  permission: 'audit:view',
  load: () => import('./sessions-tab.tsx'),
} satisfies OrganizationTab;

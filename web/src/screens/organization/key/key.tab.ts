import type { OrganizationTab } from '../../../app/screen.ts';

export default {
  path: 'key',
  label: 'Key',
  order: 10,
  permission: 'apiKey:view',
  load: () => import('./key-tab.tsx'),
} satisfies OrganizationTab;

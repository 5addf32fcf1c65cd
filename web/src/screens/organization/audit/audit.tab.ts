import type { OrganizationTab } from '../../../app/screen.ts';

export default {
  path: 'audit',
  label: 'Audit',
  order: 50,
  permission: 'audit:view',
  load: () => import('./audit-tab.tsx'),
} satisfies OrganizationTab;

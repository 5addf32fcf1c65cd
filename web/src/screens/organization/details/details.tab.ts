import type { OrganizationTab } from '../../../app/screen.ts';

export default {
  path: 'details',
  label: 'Details',
  order: 90,
  load: () => import('./details.tsx'),
} satisfies OrganizationTab;

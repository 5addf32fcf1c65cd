import type { OrganizationTab } from '../../../app/screen.ts';

export default {
  path: 'oauth-servers',
  label: 'OAuth servers',
  order: 30,
  permission: 'apiKey:view',
  load: () => import('./authorization-servers-tab.tsx'),
} satisfies OrganizationTab;

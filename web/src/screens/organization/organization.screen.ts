import type { Screen } from '../../app/screen.ts';

export default {
  path: '/organizations/:organizationId/*',
  label: 'Organization',
  permission: 'apiKey:view',
  load: () => import('./organization-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/sync/new',
  label: 'New sync',
  permission: 'apiKey:sync',
  isFor: isStaff,
  load: () => import('./new-sync-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/sync/drift',
  label: 'Drift',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./drift-page.tsx'),
} satisfies Screen;

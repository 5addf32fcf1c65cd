import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/rotation/planned',
  label: 'Planned rotations',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./planned-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/sync/groups',
  label: 'Saved groups',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./groups-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/sync/approvals',
  label: 'Approvals',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./approvals-page.tsx'),
} satisfies Screen;

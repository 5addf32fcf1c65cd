import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/onboarding',
  label: 'Onboarding',
  partOf: '/organizations',
  shortcut: 'g n',
  permission: 'organization:manage',
  isFor: isStaff,
  load: () => import('./onboarding-page.tsx'),
} satisfies Screen;

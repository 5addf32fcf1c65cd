import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/onboarding/:what',
  label: 'Onboarding',
  permission: 'organization:manage',
  isFor: isStaff,
  load: () => import('./onboarding-page.tsx'),
} satisfies Screen;

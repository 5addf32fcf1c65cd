import { isStaff, type Screen } from '../../app/screen.ts';
import whole from './onboarding.screen.ts';

export default {
  path: '/onboarding/:what',
  label: 'Onboarding',
  partOf: '/organizations',
  permission: 'organization:manage',
  isFor: isStaff,
  load: whole.load,
} satisfies Screen;

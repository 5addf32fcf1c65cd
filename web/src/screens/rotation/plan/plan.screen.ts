import { isStaff, type Screen } from '../../../app/screen.ts';
import { planPermissions } from '../may-plan.ts';

export default {
  path: '/rotation/plan',
  label: 'Plan a rotation',
  permission: planPermissions,
  isFor: (viewer) => isStaff(viewer) && viewer.onBehalfOf === null,
  load: () => import('./plan-page.tsx'),
} satisfies Screen;

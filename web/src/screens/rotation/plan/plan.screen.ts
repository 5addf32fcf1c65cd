import { isStaff, type Screen } from '../../../app/screen.ts';
import { mayPlan } from '../may-plan.ts';

export default {
  path: '/rotation/plan',
  label: 'Plan a rotation',
  // Either of two permissions will do.
  isFor: (viewer) => isStaff(viewer) && mayPlan(viewer),
  load: () => import('./plan-page.tsx'),
} satisfies Screen;

import { LayoutDashboard } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/overview',
  label: 'Overview',
  rail: { icon: LayoutDashboard, order: 10 },
  shortcut: 'g v',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./overview-page.tsx'),
} satisfies Screen;

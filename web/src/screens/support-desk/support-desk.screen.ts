import { LifeBuoy } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/support-desk',
  label: 'Support desk',
  rail: { icon: LifeBuoy, order: 40 },
  shortcut: 'g d',
  permission: 'apiKey:enable',
  isFor: isStaff,
  load: () => import('./support-desk-page.tsx'),
} satisfies Screen;

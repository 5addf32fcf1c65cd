import { Building2 } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/organizations',
  label: 'Organizations',
  rail: { icon: Building2, order: 20 },
  shortcut: 'g o',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./organizations-page.tsx'),
} satisfies Screen;

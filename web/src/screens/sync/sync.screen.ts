import { ArrowLeftRight } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/sync',
  label: 'Sync',
  rail: { icon: ArrowLeftRight, order: 30 },
  shortcut: 'g s',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./operations-page.tsx'),
} satisfies Screen;

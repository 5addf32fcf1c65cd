import { RefreshCw } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/rotation',
  label: 'Rotation',
  rail: { icon: RefreshCw, order: 50 },
  shortcut: 'g r',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./policies-page.tsx'),
} satisfies Screen;

import { Settings } from 'lucide-react';
import type { Screen } from '../../app/screen.ts';

export default {
  path: '/settings',
  label: 'Settings',
  rail: { icon: Settings, order: 90 },
  shortcut: 'g ,',
  load: () => import('./settings-page.tsx'),
} satisfies Screen;

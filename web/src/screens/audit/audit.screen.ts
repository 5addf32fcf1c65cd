import { ScrollText } from 'lucide-react';
import type { Screen } from '../../app/screen.ts';

export default {
  path: '/audit',
  label: 'Audit',
  rail: { icon: ScrollText, order: 70 },
  shortcut: 'g a',
  permission: 'audit:view',
  load: () => import('./audit-page.tsx'),
} satisfies Screen;

import { Users } from 'lucide-react';
import type { Screen } from '../../app/screen.ts';

export default {
  path: '/people',
  label: 'People',
  rail: { icon: Users, order: 80 },
  shortcut: 'g p',
  permission: 'staff:manage',
  load: () => import('./people-page.tsx'),
} satisfies Screen;

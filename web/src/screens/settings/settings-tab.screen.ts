import type { Screen } from '../../app/screen.ts';

export default {
  path: '/settings/:tab',
  label: 'Settings',
  load: () => import('./settings-page.tsx'),
} satisfies Screen;

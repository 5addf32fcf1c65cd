import type { Screen } from '../../app/screen.ts';

export default {
  path: '/people/:tab',
  label: 'People',
  permission: 'staff:manage',
  load: () => import('./people-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/sync/operations/:operationId',
  label: 'Operation',
  permission: 'apiKey:view',
  isFor: isStaff,
  load: () => import('./operation-page.tsx'),
} satisfies Screen;

import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/notifications',
  label: 'Mail notices',
  partOf: '/webhooks',
  shortcut: 'g m',
  permission: 'webhook:manage',
  // What is lent holds no endpoints and no addresses.
  isFor: (viewer) => isStaff(viewer) && viewer.onBehalfOf === null,
  load: () => import('./notifications-page.tsx'),
} satisfies Screen;

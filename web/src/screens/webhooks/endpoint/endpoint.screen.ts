import { isStaff, type Screen } from '../../../app/screen.ts';

export default {
  path: '/webhooks/:endpointId',
  label: 'Webhook',
  permission: 'webhook:manage',
  // What is lent holds no endpoints and no addresses.
  isFor: (viewer) => isStaff(viewer) && viewer.onBehalfOf === null,
  load: () => import('./endpoint-page.tsx'),
} satisfies Screen;

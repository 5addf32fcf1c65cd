import { Send } from 'lucide-react';
import { isStaff, type Screen } from '../../app/screen.ts';

export default {
  path: '/webhooks',
  label: 'Webhooks',
  rail: { icon: Send, order: 60 },
  shortcut: 'g w',
  permission: 'webhook:manage',
  // What is lent holds no endpoints and no addresses.
  isFor: (viewer) => isStaff(viewer) && viewer.onBehalfOf === null,
  load: () => import('./webhooks-page.tsx'),
} satisfies Screen;

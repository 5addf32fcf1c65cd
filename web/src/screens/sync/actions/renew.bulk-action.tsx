import { CalendarPlus } from 'lucide-react';
import type { BulkAction } from '../../organizations/bulk-action.ts';
import { flowButton } from '../flow/flow-button.tsx';

export default {
  label: 'Renew',
  order: 50,
  permission: 'subscription:manage',
  Button: flowButton('RENEW', 'Renew', CalendarPlus),
} satisfies BulkAction;

import { Ban } from 'lucide-react';
import type { BulkAction } from '../../organizations/bulk-action.ts';
import { flowButton } from '../flow/flow-button.tsx';

export default {
  label: 'Disable',
  order: 30,
  permission: 'apiKey:enable',
  Button: flowButton('DISABLE', 'Disable', Ban),
} satisfies BulkAction;

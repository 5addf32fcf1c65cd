import { CircleCheck } from 'lucide-react';
import type { BulkAction } from '../../organizations/bulk-action.ts';
import { flowButton } from '../flow/flow-button.tsx';

export default {
  label: 'Enable',
  order: 20,
  permission: 'apiKey:enable',
  Button: flowButton('ENABLE', 'Enable', CircleCheck),
} satisfies BulkAction;

import { RefreshCw } from 'lucide-react';
import type { BulkAction } from '../../organizations/bulk-action.ts';
import { flowButton } from '../flow/flow-button.tsx';

export default {
  label: 'Regenerate',
  order: 40,
  permission: 'apiKey:manage',
  Button: flowButton('REGENERATE', 'Regenerate', RefreshCw),
} satisfies BulkAction;

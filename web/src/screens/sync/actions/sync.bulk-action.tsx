import { ArrowLeftRight } from 'lucide-react';
import type { BulkAction } from '../../organizations/bulk-action.ts';
import { flowButton } from '../flow/flow-button.tsx';

export default {
  label: 'Sync key',
  order: 10,
  permission: 'apiKey:sync',
  Button: flowButton('SYNC', 'Sync key', ArrowLeftRight),
} satisfies BulkAction;

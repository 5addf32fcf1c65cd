import { Button } from '@mantine/core';
import { FolderPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { BulkAction, BulkActionProps } from '../../organizations/bulk-action.ts';

const GroupDialog = lazy(() => import('../groups/group-dialog.tsx'));

function GroupButton(props: BulkActionProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<FolderPlus size={14} aria-hidden />}
        onClick={() => setIsOpen(true)}
      >
        Group
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <GroupDialog {...props} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

export default {
  label: 'Group',
  order: 60,
  permission: 'organization:manage',
  Button: GroupButton,
} satisfies BulkAction;

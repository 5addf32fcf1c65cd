import { Ban, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { ActionButton } from '../../../components/action-button.tsx';
import { type Permission, useViewer } from '../../../session/viewer.ts';
import { AddDialog, DeleteDialog, RegenerateDialog } from './change-dialogs.tsx';
import type { OtherHolders } from './dialog-props.ts';
import { DisableDialog } from './disable-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import classes from './key-tab.module.css';
import type { FreshKey } from './key-value.tsx';
import { type Action, reasonAgainst, type SlotProps } from './key-words.ts';

interface KeyActionsProps extends SlotProps {
  readonly others: OtherHolders;
  readonly onFresh: (fresh: FreshKey | null) => void;
  readonly onMoved: () => void;
}

type Offer = 'ADD' | 'EDIT' | 'REGENERATE' | 'DELETE' | 'DISABLE';

const looks = {
  ADD: { label: 'Add key', icon: Plus },
  EDIT: { label: 'Edit', icon: Pencil },
  REGENERATE: { label: 'Regenerate', icon: RefreshCw },
  DELETE: { label: 'Delete', icon: Trash2 },
  DISABLE: { label: 'Disable', icon: Ban },
} as const satisfies Record<Offer & Action, unknown>;

const permissionFor: Record<Offer, Permission> = {
  ADD: 'apiKey:manage',
  EDIT: 'apiKey:manage',
  REGENERATE: 'apiKey:manage',
  DELETE: 'apiKey:manage',
  DISABLE: 'apiKey:enable',
};

/** What the viewer's role may do to the slot; what the slot's state forbids is said beneath. */
export function KeyActions({ others, onFresh, onMoved, ...props }: KeyActionsProps) {
  const { slot } = props;
  const { permissions, organization: own } = useViewer();
  const [dialog, setDialog] = useState<Offer | null>(null);
  const reasonsId = useId();
  const possible: readonly Offer[] = slot.exists ? ['EDIT', 'REGENERATE', 'DELETE', 'DISABLE'] : ['ADD', 'DISABLE'];
  const offered = possible
    .filter((action) => permissions.includes(permissionFor[action]) && (action !== 'DISABLE' || own === null))
    .map((action) => ({ action, reason: reasonAgainst(action, props, own !== null) }));
  // "Disabled already" is what the banner says.
  const reasons = new Set(offered.flatMap(({ action, reason }) => (action === 'DISABLE' ? [] : (reason ?? []))));
  if (offered.length === 0) return null;
  const close = () => setDialog(null);
  const dialogProps = { ...props, others, onClose: close, onFresh, onMoved };
  return (
    <div className={classes.actions}>
      {offered.map(({ action, reason }) => (
        <ActionButton
          key={action}
          {...looks[action]}
          className={action === 'DISABLE' ? classes.apart : undefined}
          whyNot={reason}
          saidAt={action === 'DISABLE' ? undefined : reasonsId}
          onChoose={() => setDialog(action)}
        />
      ))}
      {reasons.size > 0 && (
        <ul className={classes.reasons} id={reasonsId}>
          {[...reasons].map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <AddDialog {...dialogProps} opened={dialog === 'ADD'} />
      <EditDialog {...dialogProps} opened={dialog === 'EDIT'} />
      <RegenerateDialog {...dialogProps} opened={dialog === 'REGENERATE'} />
      <DeleteDialog {...dialogProps} opened={dialog === 'DELETE'} />
      <DisableDialog {...dialogProps} opened={dialog === 'DISABLE'} />
    </div>
  );
}

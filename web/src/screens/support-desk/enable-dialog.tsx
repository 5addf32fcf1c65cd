import { List, Textarea } from '@mantine/core';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { isLiftedBy, sourceWords } from '../../components/disablement.ts';
import { useFields } from '../../components/fields.ts';
import { statuses, statusOfSource } from '../../components/status.ts';
import { showDone, showFailure } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { useViewer } from '../../session/viewer.ts';
import type { DisabledRow } from './disabled-columns.tsx';
import { EnableApiKeyDocument } from './support-desk.graphql.ts';

interface EnableDialogProps {
  readonly row: DisabledRow;
  readonly onClose: () => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

/** The second of the two clicks. It lifts what is on the screen, and nothing that came since. */
export function EnableDialog({ row, onClose, onMoved }: EnableDialogProps) {
  const { id, name, apiKey } = row;
  const fields = useFields({ note: '' });
  const viewer = useViewer();
  const command = useCommand(EnableApiKeyDocument);

  async function enable() {
    const { note } = fields.values;
    const result = await command.run({ organizationId: id, expectedVersion: apiKey.version, note });
    if (!result.isDone) {
      const conflict = result.failures.find(({ code }) => code === 'VERSION_CONFLICT');
      if (conflict === undefined) return fields.refuse(result.failures);
      showFailure(conflict);
      onClose();
      return onMoved();
    }
    const left = result.payload.apiKey?.disablements ?? [];
    const held = left.map(({ source }) => statuses[statusOfSource[source]].word.toLowerCase());
    showDone(
      held.length === 0
        ? `Enabled the key of ${name}`
        : `Lifted what you may lift for ${name}. It is still held: ${held.join(', ')}`,
    );
    onClose();
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Enable the key of ${name}`}
      verb="Enable key"
      isUndoable
      isRunning={command.isRunning}
      onConfirm={() => void enable()}
    >
      <List size="sm" spacing={4}>
        {apiKey.disablements.map((disablement) => (
          <List.Item key={disablement.source}>
            <Disabled disablement={disablement} stays={!isLiftedBy(viewer, disablement.source)} />
          </List.Item>
        ))}
      </List>
      <Textarea
        label="Why it is enabled"
        description="It goes into the audit trail."
        required
        data-autofocus
        {...fields.text('note')}
      />
    </ConfirmDialog>
  );
}

type Disablement = DisabledRow['apiKey']['disablements'][number];

/** @param stays whether somebody else has to lift it */
function Disabled({ disablement, stays }: { readonly disablement: Disablement; readonly stays: boolean }) {
  const { source, note, by } = disablement;
  const isByPerson = source === 'PLATFORM' || source === 'SERVICE_PROVIDER';
  return (
    <>
      Disabled {sourceWords[source]}
      {isByPerson && (
        <>
          {' ('}
          <bdi>{by.displayName}</bdi>)
        </>
      )}
      {note !== null && (
        <>
          : <bdi>{note}</bdi>
        </>
      )}
      {stays && (
        <>
          . <b>This stays.</b>
        </>
      )}
    </>
  );
}

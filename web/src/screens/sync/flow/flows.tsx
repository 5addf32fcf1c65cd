import { Select, Text, Textarea, TextInput } from '@mantine/core';
import { chosenReasons, reasonWords } from '../../../components/disablement.ts';
import { useFields } from '../../../components/fields.ts';
import { plural } from '../../../components/time.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import {
  DisableApiKeysDocument,
  type DisablementReason,
  EnableApiKeysDocument,
  RegenerateApiKeysDocument,
  RenewSubscriptionsDocument,
} from '../sync.graphql.ts';
import { type BulkTarget, targetInWords } from '../target.ts';
import { BulkFlow } from './bulk-flow.tsx';

export interface FlowProps {
  readonly target: BulkTarget;
  readonly onClose: () => void;
  readonly onStarted?: () => void;
  /** How many the dry run looked at. */
  readonly onCount?: (total: number) => void;
}

export function EnableFlow({ target, onClose, onStarted, onCount }: FlowProps) {
  const fields = useFields({ note: '' });
  const command = useCommand(EnableApiKeysDocument);
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      onStarted={onStarted}
      onCount={onCount}
      firstAtomicity="PER_ORGANIZATION"
      words={{
        verb: (count) => `Enable ${plural(count, 'key')}`,
        consequences: (count) => [
          `Calls with ${count === 1 ? 'this key' : 'these keys'} are let through again, unless something else still holds it.`,
          'Lifted is what you may lift; what a higher authority holds stays.',
        ],
        isUndoable: true,
      }}
      fields={fields}
      isComplete={fields.values.note.trim() !== ''}
      isRunning={command.isRunning}
      run={(shared) => command.run({ ...shared, note: fields.values.note })}
    >
      <Textarea
        label="Why they are enabled"
        description={`Goes into the audit trail of ${targetInWords(target)}.`}
        required
        data-autofocus
        {...fields.text('note')}
      />
    </BulkFlow>
  );
}

export function DisableFlow({ target, onClose, onStarted, onCount }: FlowProps) {
  const fields = useFields<{ reason: DisablementReason; note: string }>({ reason: 'NON_PAYMENT', note: '' });
  const command = useCommand(DisableApiKeysDocument);
  const { reason, note } = fields.values;
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      onStarted={onStarted}
      onCount={onCount}
      firstAtomicity="PER_ORGANIZATION"
      words={{
        verb: (count) => `Disable ${plural(count, 'key')}`,
        consequences: (count) => [
          `Calls of ${plural(count, 'organization')} are refused from then on, with the reason and whom to contact.`,
          'The strings are kept: enabled again, the same keys work.',
        ],
        isUndoable: true,
      }}
      fields={fields}
      isComplete={reason !== 'OTHER' || note.trim() !== ''}
      isRunning={command.isRunning}
      run={(shared) => command.run({ ...shared, reason, note: note.trim() || null })}
    >
      <Select
        label="Reason"
        data={chosenReasons.map((value) => ({ value, label: reasonWords[value] }))}
        value={reason}
        allowDeselect={false}
        onChange={(value) => fields.set({ reason: chosenReasons.find((each) => each === value) ?? 'OTHER' })}
        comboboxProps={{ withinPortal: true }}
      />
      <Textarea
        label={reason === 'OTHER' ? 'Note' : 'Note (optional)'}
        description="The organizations see it on their key page."
        required={reason === 'OTHER'}
        {...fields.text('note')}
      />
    </BulkFlow>
  );
}

export function RegenerateFlow({ target, onClose, onStarted, onCount }: FlowProps) {
  const command = useCommand(RegenerateApiKeysDocument);
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      onStarted={onStarted}
      onCount={onCount}
      firstAtomicity="PER_ORGANIZATION"
      words={{
        verb: (count) => `Regenerate ${plural(count, 'key')}`,
        consequences: (count) => [
          `${plural(count, 'present key stops', 'present keys stop')} working at once: whatever calls with ${count === 1 ? 'it' : 'them'} is refused until it has the new one.`,
          'Each gets a string of its own, which is not shown here: it is revealed on the key page of the organization.',
        ],
        isUndoable: false,
      }}
      isComplete
      isRunning={command.isRunning}
      run={(shared) => command.run(shared)}
    >
      <Text size="sm">
        Each of {targetInWords(target)} gets a new random key of its own. Those that shared one string share it no more.
      </Text>
    </BulkFlow>
  );
}

export function RenewFlow({ target, onClose, onStarted, onCount }: FlowProps) {
  const fields = useFields({ endsAt: '' });
  const command = useCommand(RenewSubscriptionsDocument);
  const { endsAt } = fields.values;
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      onStarted={onStarted}
      onCount={onCount}
      firstAtomicity="PER_ORGANIZATION"
      words={{
        verb: (count) => `Renew ${plural(count, 'subscription')}`,
        consequences: (count) => [
          `${plural(count, 'subscription ends', 'subscriptions end')} on ${endsAt}, 00:00 UTC.`,
          'Keys that an ended subscription disabled work again at once.',
        ],
        isUndoable: false,
      }}
      fields={fields}
      isComplete={/^\d{4}-\d\d-\d\d$/.test(endsAt)}
      isRunning={command.isRunning}
      run={(shared) => command.run({ ...shared, endsAt: `${endsAt}T00:00:00Z` })}
    >
      <TextInput
        type="date"
        label="New end"
        description="The same for all, 00:00 UTC. Later than each of their present ends."
        required
        maw={220}
        data-autofocus
        {...fields.text('endsAt')}
      />
    </BulkFlow>
  );
}

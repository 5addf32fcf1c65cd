import { Radio, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFields } from '../../../components/fields.ts';
import { KeyStringInput } from '../../../components/key-string-input.tsx';
import { plural } from '../../../components/time.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useMay } from '../../../session/viewer.ts';
import { SyncApiKeyDocument } from '../sync.graphql.ts';
import { BulkFlow } from './bulk-flow.tsx';
import type { FlowProps } from './flows.tsx';
import { type KeyHolder, KeyHolderField } from './key-holder-field.tsx';

type Source = 'GENERATED' | 'TYPED' | 'TAKEN';
const sources: readonly { readonly value: Source; readonly label: string; readonly description: string }[] = [
  { value: 'GENERATED', label: 'Generate a new key', description: 'Random, and known to nobody before.' },
  { value: 'TYPED', label: 'Type a key', description: 'One that you agreed upon elsewhere.' },
  { value: 'TAKEN', label: 'Take the key of an organization', description: 'It is shown to nobody on the way.' },
];

interface SyncFlowProps extends FlowProps {
  /** Where the organizations are chosen, if they are not yet. */
  readonly chooser?: ReactNode;
  /** Whose key is taken, to begin with. */
  readonly holder?: KeyHolder | null;
}

/** One key for many organizations. */
export function SyncFlow({ target, onClose, onStarted, onCount, chooser, holder = null }: SyncFlowProps) {
  const fields = useFields({ newKey: '', newKeyFrom: '' });
  const command = useCommand(SyncApiKeyDocument);
  const mayReveal = useMay('apiKey:reveal');
  const [source, setSource] = useState<Source>(holder === null ? 'GENERATED' : 'TAKEN');
  const [takenFrom, setTakenFrom] = useState<KeyHolder | null>(holder);
  const { newKey } = fields.values;
  const isGiven = source === 'GENERATED' || (source === 'TYPED' ? newKey !== '' : takenFrom !== null);
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      onStarted={onStarted}
      onCount={onCount}
      firstAtomicity="ALL_OR_NOTHING"
      words={{
        verb: (count) => `Sync ${plural(count, 'organization')}`,
        consequences: (count) => [
          `${plural(count, 'organization has', 'organizations have')} the same key from then on: ${keyInWords(source, takenFrom)}.`,
          'Their present keys stop working: whatever calls with them is refused until it has the new one.',
          'Disabled keys are changed as well, and stay disabled.',
          ...(source === 'GENERATED' && !mayReveal
            ? ['Your role may not see the key: whoever may reveals it on a key page.']
            : []),
        ],
        isUndoable: false,
      }}
      fields={fields}
      isComplete={isGiven}
      isRunning={command.isRunning}
      run={async (shared) => {
        const key = source === 'TYPED' ? { newKey } : source === 'TAKEN' ? { newKeyFrom: takenFrom?.id ?? null } : {};
        const result = await command.run({ ...shared, ...key });
        if (result.isDone && !shared.dryRun) fields.reset();
        return result;
      }}
    >
      {chooser}
      <Radio.Group
        label="Which key they get"
        value={source}
        onChange={(value) => {
          setSource(sources.find((each) => each.value === value)?.value ?? 'GENERATED');
          fields.reset();
        }}
      >
        <Stack gap={8} mt={6}>
          {sources.map((each) => (
            <Radio key={each.value} size="xs" {...each} />
          ))}
        </Stack>
      </Radio.Group>
      {source === 'TYPED' && <KeyStringInput maw={320} {...fields.text('newKey')} />}
      {source === 'TAKEN' && (
        <KeyHolderField
          holder={takenFrom}
          error={fields.text('newKeyFrom').error}
          onHolder={(next) => {
            setTakenFrom(next);
            fields.set({ newKeyFrom: '' });
          }}
        />
      )}
    </BulkFlow>
  );
}

function keyInWords(source: Source, takenFrom: KeyHolder | null): string {
  if (source === 'GENERATED') return 'a new one';
  return source === 'TYPED' ? 'the one that you typed' : `that of ${takenFrom?.name ?? 'another organization'}`;
}

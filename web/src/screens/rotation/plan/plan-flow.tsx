import { Radio, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFields } from '../../../components/fields.ts';
import { KeyStringInput } from '../../../components/key-string-input.tsx';
import { minutesInWords, plural } from '../../../components/time.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useMay } from '../../../session/viewer.ts';
import { BulkFlow } from '../../sync/flow/bulk-flow.tsx';
import type { FlowProps } from '../../sync/flow/flows.tsx';
import { PlanRotationDocument } from '../../sync/sync.graphql.ts';
import { OverlapFields } from '../overlap-fields.tsx';

const DAY_MS = 86_400_000;
const USUAL_GRACE_MINUTES = 15;

const sources = [
  {
    value: 'EACH',
    label: 'A new key for each',
    description: 'Random, and known to nobody before.',
    permission: 'apiKey:manage',
  },
  {
    value: 'SHARED',
    label: 'One new key for all',
    description: 'Random as well, and the same everywhere.',
    permission: 'apiKey:sync',
  },
  { value: 'TYPED', label: 'Type a key for all', description: 'Kept sealed until then.', permission: 'apiKey:sync' },
] as const;
type Source = (typeof sources)[number]['value'];

/** As `datetime-local` has it, in UTC: in the night after next. */
function firstTime(): string {
  return `${new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10)}T02:00`;
}

/** New strings for many at a time to come. */
export function PlanFlow({ target, onClose, chooser }: FlowProps & { readonly chooser: ReactNode }) {
  const may = { 'apiKey:manage': useMay('apiKey:manage'), 'apiKey:sync': useMay('apiKey:sync') };
  const offered = sources.filter(({ permission }) => may[permission]);
  const [firstRun] = useState(firstTime);
  const fields = useFields({ newKey: '', runAt: firstRun, overlapMinutes: '', overlapGraceMinutes: '' });
  const command = useCommand(PlanRotationDocument);
  const [source, setSource] = useState<Source>(offered[0]?.value ?? 'EACH');
  const [overlap, setOverlap] = useState<{ minutes: number | null; graceMinutes: number | null }>({
    minutes: 0,
    graceMinutes: USUAL_GRACE_MINUTES,
  });
  const { newKey, runAt } = fields.values;
  return (
    <BulkFlow
      target={target}
      onClose={onClose}
      firstAtomicity="PER_ORGANIZATION"
      words={{
        verb: (count) => `Plan for ${plural(count, 'organization')}`,
        consequences: (count) => [
          `${plural(count, 'organization gets', 'organizations get')} ${source === 'EACH' ? 'a new key each' : 'the same new key'} at ${runAt.replace('T', ' ')} UTC.`,
          overlap.minutes
            ? `Their old keys work on for up to ${minutesInWords(overlap.minutes)}.`
            : 'Their old keys stop working then: whatever calls with them is refused until it has the new one.',
          'Until then it can be cancelled.',
        ],
        isUndoable: true,
      }}
      fields={fields}
      isComplete={
        runAt !== '' &&
        (source !== 'TYPED' || newKey !== '') &&
        overlap.minutes !== null &&
        overlap.graceMinutes !== null
      }
      isRunning={command.isRunning}
      run={async (shared) => {
        const result = await command.run({
          ...shared,
          runAt: `${runAt}:00Z`,
          sharedString: source === 'SHARED',
          ...(source === 'TYPED' && { newKey }),
          overlapMinutes: overlap.minutes,
          overlapGraceMinutes: overlap.graceMinutes,
        });
        if (result.isDone && !shared.dryRun) fields.set({ newKey: '' });
        return result;
      }}
    >
      {chooser}
      <TextInput
        type="datetime-local"
        label="When (UTC)"
        description="Within a year."
        required
        withAsterisk={false}
        maw={260}
        {...fields.text('runAt')}
      />
      <Radio.Group
        label="Which key they get"
        value={source}
        onChange={(value) => {
          setSource(offered.find((each) => each.value === value)?.value ?? source);
          fields.set({ newKey: '' });
        }}
      >
        <Stack gap={8} mt={6}>
          {offered.map(({ value, label, description }) => (
            <Radio key={value} size="xs" value={value} label={label} description={description} />
          ))}
        </Stack>
      </Radio.Group>
      {source === 'TYPED' && <KeyStringInput maw={320} {...fields.text('newKey')} />}
      <OverlapFields
        minutes={overlap.minutes}
        graceMinutes={overlap.graceMinutes}
        allowed={null}
        onMinutes={(minutes) => {
          setOverlap({ ...overlap, minutes });
          fields.set({ overlapMinutes: '' });
        }}
        onGraceMinutes={(graceMinutes) => {
          setOverlap({ ...overlap, graceMinutes });
          fields.set({ overlapGraceMinutes: '' });
        }}
        error={fields.text('overlapMinutes').error}
        graceError={fields.text('overlapGraceMinutes').error}
      />
    </BulkFlow>
  );
}

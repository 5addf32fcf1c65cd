import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Fields } from '../../../components/fields.ts';
import { wholeNumber } from '../../../components/time.ts';
import type { Failure } from '../../../graphql/failure.ts';
import type { CommandResult } from '../../../graphql/use-command.ts';
import { Notice } from '../operation-parts.tsx';
import type { OperationFragment, OrganizationFilter, SyncAtomicity } from '../sync.graphql.ts';
import { type BulkTarget, countOf, targetInput } from '../target.ts';
import type { FlowWords } from './flow-words.ts';
import { ReviewStep } from './review-step.tsx';
import { StartedStep } from './started-step.tsx';

/** What every command over many organizations takes. */
export interface SharedInput {
  readonly organizationIds?: readonly string[];
  readonly filter?: OrganizationFilter;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  /** What was reviewed: nothing is done to other organizations than those. */
  readonly dryRunId?: string;
}

interface Started {
  readonly operation: OperationFragment | null;
  /** Of a sync, for those who may see it. */
  readonly keyString?: string | null;
}

export interface BulkFlowProps {
  readonly target: BulkTarget;
  readonly words: FlowWords;
  readonly firstAtomicity: SyncAtomicity;
  /** The fields of the command. */
  readonly children: ReactNode;
  /** Where their values are; what is refused of another stands above them. */
  readonly fields?: Pick<Fields<object>, 'values' | 'refuse'>;
  /** Whether the dry run can be asked for. */
  readonly isComplete: boolean;
  readonly isRunning: boolean;
  readonly run: (input: SharedInput) => Promise<CommandResult<Started>>;
  readonly onClose: () => void;
  /** The dry run is behind, and something is done. */
  readonly onStarted?: (() => void) | undefined;
  /** How many the dry run looked at: what a filter finds may be others by then. */
  readonly onCount?: ((total: number) => void) | undefined;
}

type Step =
  | { readonly name: 'FORM' }
  | { readonly name: 'REVIEW'; readonly dryRunId: string }
  | { readonly name: 'STARTED'; readonly operationId: string; readonly keyString: string | null };

/** Say what, see what would happen, type the count, and watch it happen. */
export function BulkFlow(props: BulkFlowProps) {
  const { target, words, fields, isComplete, isRunning, run, onClose, onStarted, onCount } = props;
  const [step, setStep] = useState<Step>({ name: 'FORM' });
  const [atomicity, setAtomicity] = useState(props.firstAtomicity);
  const [refusals, setRefusals] = useState<readonly string[]>([]);

  async function send(how: SyncAtomicity, reviewed: string | null) {
    const dryRun = reviewed === null;
    const result = await run({
      ...{ ...targetInput(target), atomicity: how, dryRun },
      ...(reviewed === null ? {} : { dryRunId: reviewed }),
    });
    if (!result.isDone) {
      const isOfField = ({ field }: Failure) => Object.hasOwn(fields?.values ?? {}, field?.at(-1) ?? '');
      fields?.refuse(result.failures.filter(isOfField));
      const others = result.failures.filter((failure) => failure.field !== null && !isOfField(failure));
      setRefusals(others.map(({ message }) => message));
      // What is refused before anything begins is for the form to mend.
      if (result.failures.some(({ field }) => field !== null)) setStep({ name: 'FORM' });
      return;
    }
    setRefusals([]);
    const { operation, keyString = null } = result.payload;
    if (operation === null) return;
    if (dryRun) onCount?.(operation.total);
    else onStarted?.();
    setStep(
      dryRun ? { name: 'REVIEW', dryRunId: operation.id } : { name: 'STARTED', operationId: operation.id, keyString },
    );
  }

  function check(event: FormEvent) {
    event.preventDefault();
    if (isComplete && !isRunning) void send(atomicity, null);
  }

  if (step.name === 'STARTED') {
    return (
      <StartedStep
        operationId={step.operationId}
        keyString={step.keyString}
        onKeyHidden={() => setStep({ ...step, keyString: null })}
        onClose={onClose}
      />
    );
  }
  if (step.name === 'REVIEW') {
    return (
      <ReviewStep
        key={step.dryRunId}
        dryRunId={step.dryRunId}
        words={words}
        isRunning={isRunning}
        onBack={() => setStep({ name: 'FORM' })}
        onLeaveOut={() => {
          setAtomicity('PER_ORGANIZATION');
          void send('PER_ORGANIZATION', null);
        }}
        onConfirm={() => void send(atomicity, step.dryRunId)}
      />
    );
  }
  const count = countOf(target);
  return (
    <form onSubmit={check}>
      <Stack gap="md">
        {refusals.map((message) => (
          <Notice key={message} tone="red">
            {message}
          </Notice>
        ))}
        {props.children}
        <Radio.Group
          label="If an organization refuses"
          value={atomicity}
          onChange={(value) => setAtomicity(value === 'ALL_OR_NOTHING' ? value : 'PER_ORGANIZATION')}
        >
          <Stack gap={6} mt={6}>
            <Radio size="xs" value="ALL_OR_NOTHING" label="Change none: all at one instant, or nothing" />
            <Radio size="xs" value="PER_ORGANIZATION" label="Change the others, and tell which refused" />
          </Stack>
        </Radio.Group>
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="var(--kw-ink-2)">
            {count === null ? 'Nothing is changed yet' : `Nothing is changed yet: ${wholeNumber(count)} are looked at`}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isComplete || count === 0} loading={isRunning}>
              See what would happen
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

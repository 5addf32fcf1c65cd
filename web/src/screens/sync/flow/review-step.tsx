import { Button, Group, List, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorState } from '../../../components/states.tsx';
import { plural, wholeNumber } from '../../../components/time.ts';
import { endInWords, Notice, OperationProgress, OutcomeTiles } from '../operation-parts.tsx';
import { isFinished, isVoid } from '../operation-words.ts';
import { Refusals } from '../refusals.tsx';
import type { OperationFragment } from '../sync.graphql.ts';
import { useOperation } from '../use-operation.ts';
import type { FlowWords } from './flow-words.ts';

interface ReviewStepProps {
  readonly dryRunId: string;
  readonly words: FlowWords;
  readonly isRunning: boolean;
  readonly onBack: () => void;
  /** Those that refuse. */
  readonly onLeaveOut: () => void;
  readonly onConfirm: () => void;
}

/** What the dry run found, and the question whether to do it. */
export function ReviewStep(props: ReviewStepProps) {
  const { operation, failure, retry } = useOperation(props.dryRunId);
  if (failure !== null) return <ErrorState failure={failure} onRetry={retry} />;
  if (operation == null) return <Skeleton height={160} aria-busy="true" />;
  if (!isFinished(operation)) {
    return (
      <Stack gap="md">
        <Text size="sm">Every rule is being applied, and nothing is changed.</Text>
        <OperationProgress operation={operation} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onBack}>
            Back
          </Button>
        </Group>
      </Stack>
    );
  }
  return <Question {...props} dryRun={operation} />;
}

function Question({
  dryRun,
  words,
  isRunning,
  onBack,
  onLeaveOut,
  onConfirm,
}: ReviewStepProps & { readonly dryRun: OperationFragment }) {
  const [typed, setTyped] = useState('');
  const end = endInWords(dryRun);
  const count = isVoid(dryRun) ? 0 : dryRun.changed;
  const isConfirmed = typed.replace(/[\s,.]/g, '') === String(count);

  function confirm(event: FormEvent) {
    event.preventDefault();
    if (count > 0 && isConfirmed && !isRunning) onConfirm();
  }

  return (
    <form onSubmit={confirm}>
      <Stack gap="md">
        <Text size="sm" c="var(--kw-ink-2)">
          Checked just now, with every rule: {plural(dryRun.total, 'organization')}. Nothing is changed yet.
        </Text>
        <OutcomeTiles operation={dryRun} />
        {end !== null && <Notice tone={end.tone}>{end.text}</Notice>}
        {dryRun.refused > 0 && <Refusals operationId={dryRun.id} />}
        {count > 0 && (
          <>
            <List size="sm" spacing={4}>
              {words.consequences(count).map((consequence) => (
                <List.Item key={consequence}>{consequence}</List.Item>
              ))}
            </List>
            {!words.isUndoable && (
              <Text size="sm" fw={600}>
                This action cannot be undone.
              </Text>
            )}
            <TextInput
              label={
                <>
                  Type <b>{wholeNumber(count)}</b> to confirm
                </>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              inputMode="numeric"
              autoComplete="off"
              maw={220}
              data-autofocus
            />
          </>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          {isVoid(dryRun) && dryRun.changed > 0 && (
            <Button onClick={onLeaveOut} loading={isRunning}>
              Leave them out
            </Button>
          )}
          {count > 0 && (
            <Button
              type="submit"
              color={words.isUndoable ? undefined : 'red'}
              disabled={!isConfirmed}
              loading={isRunning}
            >
              {words.verb(count)}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

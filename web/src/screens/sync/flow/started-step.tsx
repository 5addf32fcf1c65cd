import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useTenantSearch } from '../../../app/tenant.ts';
import { KeyString } from '../../../components/key-string.tsx';
import { ErrorState } from '../../../components/states.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { endInWords, Notice, OperationProgress, OutcomeTiles, PlannedNotice } from '../operation-parts.tsx';
import { isAwaitingApproval, isFinished, isPlanned, statusOfOperation } from '../operation-words.ts';
import { Refusals } from '../refusals.tsx';
import { useOperation } from '../use-operation.ts';

interface StartedStepProps {
  readonly operationId: string;
  readonly keyString: string | null;
  /** The string is to be forgotten. */
  readonly onKeyHidden: () => void;
  readonly onClose: () => void;
}

/** What came of it, while it goes on and when it has ended. */
export function StartedStep({ operationId, keyString, onKeyHidden, onClose }: StartedStepProps) {
  const { operation, failure, retry } = useOperation(operationId);
  const search = useTenantSearch();
  if (failure !== null) return <ErrorState failure={failure} onRetry={retry} />;
  if (operation == null) return <Skeleton height={160} aria-busy="true" />;
  const end = endInWords(operation);
  const isWaiting = isAwaitingApproval(operation);
  return (
    <Stack gap="md">
      <div>
        <StatusBadge status={statusOfOperation(operation)} />
      </div>
      {isWaiting && (
        <Notice tone="violet">
          Somebody else has to approve it, and nothing is done before. The numbers are those of a dry run.
        </Notice>
      )}
      {isPlanned(operation) && <PlannedNotice operation={operation} />}
      {!isFinished(operation) && !isWaiting && !isPlanned(operation) && (
        <>
          <OperationProgress operation={operation} />
          <Text size="sm" c="var(--kw-ink-2)">
            It goes on by itself: you may close this.
          </Text>
        </>
      )}
      {end !== null && <Notice tone={end.tone}>{end.text}</Notice>}
      <OutcomeTiles operation={operation} />
      {keyString !== null && operation.status !== 'FAILED' && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            The new key, shown for a moment
          </Text>
          <KeyString label="New key" maskedKey="••••••••" initial={keyString} onHidden={onKeyHidden} />
        </div>
      )}
      {operation.refused > 0 && <Refusals operationId={operation.id} />}
      <Group justify="flex-end" gap="xs">
        <Button component={Link} to={`/sync/operations/${operation.id}${search}`} variant="default">
          See every organization
        </Button>
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}

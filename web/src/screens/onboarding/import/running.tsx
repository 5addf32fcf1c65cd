import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { plural, wholeNumber } from '../../../components/time.ts';
import { useCancelOperation } from '../../sync/use-cancel-operation.ts';
import type { Import } from './use-import.ts';

/** How far it is. */
export function Running({ running: { view } }: { readonly running: Import }) {
  const cancellation = useCancelOperation();
  const [isEnding, setIsEnding] = useState(false);
  const percent = view === null || view.total === 0 ? 0 : (100 * view.done) / view.total;
  const what = view?.dryRun === false ? 'Importing' : 'Checking';
  return (
    <Stack gap={6} maw={520}>
      <Text size="sm" role="status">
        {view === null ? 'Sending the file' : `${what}: ${wholeNumber(view.done)} of ${plural(view.total, 'row')}`}
      </Text>
      <Progress value={view === null ? 100 : percent} animated={view === null} aria-label="Progress" />
      {view !== null && (
        <Group>
          <Button
            size="compact-xs"
            variant="default"
            loading={cancellation.isRunning || isEnding}
            onClick={() => void cancellation.run(view.operationId).then(setIsEnding)}
          >
            Cancel
          </Button>
        </Group>
      )}
    </Stack>
  );
}

import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { plural, wholeNumber } from '../../../components/time.ts';
import { showFailure } from '../../../components/toasts.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { CancelImportDocument } from '../onboarding.graphql.ts';
import type { Import } from './use-import.ts';

/** How far it is. */
export function Running({ running: { view } }: { readonly running: Import }) {
  const client = useClient();
  const [isCancelling, setIsCancelling] = useState(false);
  async function cancel(id: string) {
    setIsCancelling(true);
    const { data, error } = await client.mutation(CancelImportDocument, { id }).toPromise();
    const failure = error === undefined ? data?.cancelBulkOperation.userErrors[0] : failureOf(error);
    if (failure !== undefined) {
      showFailure(failure);
      setIsCancelling(false);
    }
  }
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
            loading={isCancelling}
            onClick={() => void cancel(view.operationId)}
          >
            Cancel
          </Button>
        </Group>
      )}
    </Stack>
  );
}

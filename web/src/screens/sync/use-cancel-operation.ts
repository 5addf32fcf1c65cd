import { useState } from 'react';
import { useClient } from 'urql';
import { showFailure } from '../../components/toasts.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { revision } from '../../graphql/revision.ts';
import { CancelOperationDocument } from './sync.graphql.ts';

interface CancelOperation {
  readonly isRunning: boolean;
  /** Says what was wrong. @returns whether it will end, or has */
  run(id: string): Promise<boolean>;
}

/** Ends an operation that waits or runs. It goes by an id alone, and so without an idempotency key: twice is as once. */
export function useCancelOperation(): CancelOperation {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);

  async function run(id: string): Promise<boolean> {
    setIsRunning(true);
    const { data, error } = await client.mutation(CancelOperationDocument, { id }).toPromise();
    setIsRunning(false);
    const failures = error === undefined ? (data?.cancelBulkOperation.userErrors ?? []) : [failureOf(error)];
    for (const failure of failures) showFailure(failure);
    if (failures.length > 0) return false;
    revision.set(revision.get() + 1);
    return true;
  }

  return { isRunning, run };
}

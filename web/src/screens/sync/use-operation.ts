import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { subscribe } from '../../graphql/event-stream.ts';
import { type Failure, failureOf } from '../../graphql/failure.ts';
import { revision } from '../../graphql/revision.ts';
import { isFinished } from './operation-words.ts';
import { OperationByIdDocument, type OperationFragment, WatchOperationDocument } from './sync.graphql.ts';

export interface LiveOperation {
  /** Undefined while it is being asked for; null: gone, or out of sight. */
  readonly operation: OperationFragment | null | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
}

/** An operation, as it is and as it moves on. */
export function useOperation(id: string): LiveOperation {
  const [{ data, error }, ask] = useQuery({ query: OperationByIdDocument, variables: { id } });
  const [latest, setLatest] = useState<OperationFragment | null>(null);
  const asked = data?.bulkOperation;
  useEffect(() => {
    if (asked !== undefined && asked !== null) setLatest(asked);
  }, [asked]);
  const known = latest !== null && latest.id === id ? latest : asked;
  const isMoving = known !== undefined && known !== null && !isFinished(known);
  useEffect(() => {
    if (!isMoving) return;
    return subscribe(WatchOperationDocument, { id }, ({ bulkOperation }) => {
      if (bulkOperation === null) return;
      setLatest(bulkOperation);
      if (isFinished(bulkOperation)) revision.set(revision.get() + 1);
    });
  }, [id, isMoving]);
  return {
    operation: known,
    failure: error === undefined || known !== undefined ? null : failureOf(error),
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}

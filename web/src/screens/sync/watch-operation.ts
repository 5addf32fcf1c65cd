import { subscribe } from '../../graphql/event-stream.ts';
import { type OperationFragment, WatchOperationDocument } from './sync.graphql.ts';

/**
 * Tells of an operation as it moves on, until it has ended.
 * @returns what stops it
 */
export function watchOperation(id: string, tell: (operation: OperationFragment) => void): () => void {
  return subscribe(WatchOperationDocument, { id }, ({ bulkOperation }) => {
    if (bulkOperation !== null) tell(bulkOperation);
  });
}

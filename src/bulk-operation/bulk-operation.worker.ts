import type { Services } from '../context.ts';
import type { BulkOperationRef, Id } from '../ids.ts';
import { failBulkOperation, findOperationsToRun, runBulkOperation } from './run-bulk-operation.service.ts';

const TASK = 'bulk_operation';
const RELAY_INTERVAL_MS = 500;
/** After so many failures in a row, each with a longer pause, an operation is given up. */
const MOST_FAILURES = 8;
const LONGEST_PAUSE_MS = 10_000;

interface Queue extends AsyncDisposable {
  add(task: string, payload: object, key: string): Promise<void>;
}
type StartQueue = (tasks: Record<string, (payload: unknown) => Promise<void>>) => Promise<Queue>;

/**
 * Runs operations in the background. What starts one only commits its row: here rows become jobs, so that no commit waits
 * for a notification. Any number of processes may do it; what one leaves when it dies, another goes on with.
 */
export async function startBulkOperations(services: Services, startQueue: StartQueue): Promise<AsyncDisposable> {
  const cleanup = new AsyncDisposableStack();
  let isStopping = false;
  const failures = new Failures();
  const task = async (payload: unknown) => {
    const ref = payload as BulkOperationRef; // written below, and by nobody else
    try {
      await runBulkOperation(services, ref, () => isStopping);
      failures.forget(ref);
    } catch (error) {
      services.log.error({ err: error, bulkOperation: ref.bulkOperationId }, 'a bulk operation came to a halt');
      if (!failures.isOneTooMany(ref)) return;
      await failBulkOperation(services, ref, 'Something went wrong here. Start it again for what is left.').catch(
        (cause: unknown) => services.log.error({ err: cause }, 'a bulk operation could not be given up'),
      );
    }
  };
  const queue = cleanup.use(await startQueue({ [TASK]: task }));
  const relay = async () => {
    for (const ref of await findOperationsToRun(services)) {
      if (!isStopping && failures.mayTry(ref)) await queue.add(TASK, ref, ref.bulkOperationId);
    }
  };
  let current: Promise<void> | null = null;
  const timer = setInterval(() => {
    current ??= relay()
      .catch((error: unknown) => services.log.error({ err: error }, 'looking for bulk operations failed'))
      .finally(() => {
        current = null;
      });
  }, RELAY_INTERVAL_MS);
  cleanup.defer(async () => {
    isStopping = true;
    clearInterval(timer);
    await current;
  });
  return cleanup;
}

/** How often each operation failed in this process. */
class Failures {
  readonly #of = new Map<Id<'BulkOperation'>, { count: number; next: number }>();

  mayTry({ bulkOperationId }: BulkOperationRef): boolean {
    return performance.now() >= (this.#of.get(bulkOperationId)?.next ?? 0);
  }

  isOneTooMany({ bulkOperationId }: BulkOperationRef): boolean {
    const count = (this.#of.get(bulkOperationId)?.count ?? 0) + 1;
    const next = performance.now() + Math.min(RELAY_INTERVAL_MS * 2 ** count, LONGEST_PAUSE_MS);
    this.#of.set(bulkOperationId, { count, next });
    return count >= MOST_FAILURES;
  }

  forget({ bulkOperationId }: BulkOperationRef): void {
    this.#of.delete(bulkOperationId);
  }
}

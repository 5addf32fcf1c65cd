import type { Services } from '../context.ts';
import type { BulkOperationRef } from '../ids.ts';
import { runOf } from '../watching/current.ts';
import { DryRunError } from './dry-run-first.ts';
import { type FailureKind, Failures } from './failures.ts';
import { failBulkOperation, findOperationsToRun, runBulkOperation } from './run-bulk-operation.service.ts';

const RELAY_INTERVAL_MS = 500;

interface Queue extends AsyncDisposable {
  add(task: string, payload: object, key: string): Promise<void>;
}
type StartQueue = (tasks: Record<string, (payload: unknown) => Promise<void>>) => Promise<Queue>;

/** Runs operations of some kinds. */
export interface OperationRunner {
  /** Those that wait and that no process is running. */
  find(services: Services): Promise<BulkOperationRef[]>;
  /** Goes on with one until it has ended or is to stop. @throws Error to be called again */
  run(services: Services, ref: BulkOperationRef, isStopping: () => boolean): Promise<void>;
  /** Gives one up. @param reason for whoever started it */
  fail(services: Services, ref: BulkOperationRef, reason: string): Promise<void>;
}

const ownRunner: OperationRunner = {
  find: findOperationsToRun,
  run: runBulkOperation,
  fail: failBulkOperation,
};

/**
 * Runs operations in the background. What starts one only commits its row: here rows become jobs, so that no commit waits
 * for a notification. Any number of processes may do it; what one leaves when it dies, another goes on with.
 * @param others runners of other features, by the name of their task
 */
export async function startBulkOperations(
  services: Services,
  startQueue: StartQueue,
  others: Readonly<Record<string, OperationRunner>> = {},
  failures = new Failures(),
): Promise<AsyncDisposable> {
  const cleanup = new AsyncDisposableStack();
  let isStopping = false;
  const runners = Object.entries({ ...others, bulk_operation: ownRunner });
  const tasks = runners.map(
    ([task, runner]) => [task, taskOf(services, task, runner, failures, () => isStopping)] as const,
  );
  const queue = cleanup.use(await startQueue(Object.fromEntries(tasks)));
  const relay = async () => {
    for (const [task, runner] of runners) {
      for (const ref of await runner.find(services)) {
        if (isStopping) return;
        if (failures.mayTry(ref, performance.now())) await queue.add(task, ref, ref.bulkOperationId);
      }
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

/** What the queue calls: it never throws, since it is called again from here. */
function taskOf(
  services: Services,
  task: string,
  runner: OperationRunner,
  failures: Failures,
  isStopping: () => boolean,
) {
  const runOne = async (ref: BulkOperationRef) => {
    try {
      await runner.run(services, ref, isStopping);
      failures.forget(ref);
    } catch (error) {
      services.log.error({ err: error, bulkOperation: ref.bulkOperationId }, 'a bulk operation came to a halt');
      if (!failures.isOneTooMany(ref, performance.now(), kindOf(services, error))) return;
      const reason = 'Something went wrong here. Start it again for what is left.';
      await runner.fail(services, ref, reason).catch((cause: unknown) => {
        services.log.error({ err: cause }, 'a bulk operation could not be given up');
      });
    }
  };
  return (payload: unknown) => {
    const ref = payload as BulkOperationRef; // written above, and by nobody else
    const doing = { job: task, requestId: ref.bulkOperationId };
    return runOf(`job ${task}`, doing, services.tracer, () => runOne(ref));
  };
}

function kindOf({ database }: Services, error: unknown): FailureKind {
  if (error instanceof DryRunError) return 'DRY_RUN';
  return database.mayPass(error) ? 'MAY_PASS' : 'FAULT';
}

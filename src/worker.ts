import { openAuditSigningKey } from './audit/audit-keys.ts';
import type { CheckpointFile } from './audit/checkpoint-file.ts';
import { sealAuditTrail } from './audit/seal-audit.service.ts';
import type { Services } from './context.ts';
import { startDueSubscriptions } from './subscription/start-subscriptions.service.ts';

const INTERVAL_MS = 1000;
/** What waits then is sealed by the next process. */
const LONGEST_LAST_SEALING_MS = 2000;

/**
 * What cannot wait for the next minute (scheduled-jobs.ts has the rest). Any number of processes may run it: each thing is
 * done once.
 * @param checkpointFile where signed heads of audit chains go besides the database
 */
export async function startWorker(
  services: Services,
  checkpointFile: CheckpointFile | null = null,
): Promise<AsyncDisposable> {
  const cleanup = new AsyncDisposableStack();
  const seal = await openSealing(services, checkpointFile);
  let isStopping = false;
  cleanup.defer(async () => {
    await seal('ALL', deadlineIn(LONGEST_LAST_SEALING_MS)).catch(reporting(services, 'the last sealing'));
  });
  cleanup.use(everySecond(services, 'starting subscriptions', () => startDueSubscriptions(services, new Date())));
  cleanup.use(everySecond(services, 'sealing the audit trail', () => seal('DUE', () => isStopping)));
  cleanup.defer(() => {
    isStopping = true;
  });
  return cleanup;
}

/** One run of `job` at a time; the last one has ended when it is disposed of. */
function everySecond(services: Services, what: string, job: () => Promise<unknown>): AsyncDisposable {
  let current: Promise<unknown> = Promise.resolve();
  let isIdle = true;
  const run = () => {
    isIdle = false;
    return job()
      .catch(reporting(services, what))
      .finally(() => {
        isIdle = true;
      });
  };
  const timer = setInterval(() => {
    if (isIdle) current = run();
  }, INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await current;
    },
  };
}

/** @returns a function that seals what waits until it is to stop, and then appends checkpoints */
async function openSealing(services: Services, checkpointFile: CheckpointFile | null) {
  // Without the key chains grow all the same: whoever has it signs later.
  const openKey = () =>
    openAuditSigningKey(services, new Date()).catch(reporting(services, 'opening the audit signing key'));
  let key = await openKey();
  return async (checkpoints: 'DUE' | 'ALL', isStopping: () => boolean): Promise<void> => {
    key ??= await openKey();
    await sealAuditTrail(services, { key, onSigned: (head) => checkpointFile?.note(head), isStopping });
    await checkpointFile?.append(checkpoints);
  };
}

function deadlineIn(ms: number): () => boolean {
  const deadline = performance.now() + ms;
  return () => performance.now() > deadline;
}

function reporting({ log }: Services, what: string): (error: unknown) => null {
  return (error) => {
    log.error({ err: error }, `${what} failed; it is tried again`);
    return null;
  };
}

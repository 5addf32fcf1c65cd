import { writeStarted } from '../bulk-operation/bulk-operation.repository.ts';
import type { Tally } from '../bulk-operation/bulk-operation.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import { endOf } from '../bulk-operation/finish-operation.ts';
import { findWaitingOperations } from '../bulk-operation/unfinished.repository.ts';
import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { BulkOperationRef } from '../ids.ts';
import { assessRows } from './assess-rows.ts';
import { abandonImport, finishImport } from './finish-import.ts';
import { tryWriteLock } from './import-operation.repository.ts';
import { isSettled } from './import-operation.ts';
import { asOnlyRun, Halt, type ImportRun, openRun } from './import-run.ts';
import { writeAllRows } from './write-all-rows.ts';
import { writeNextRows } from './write-next-rows.ts';

/** After so many new organizations the planner is told of them; of fewer it hears soon enough by itself. */
const MANY_CHANGED = 1000;

/** Those that are to be run and that no process is running. */
export function findImportsToRun(services: Services): Promise<BulkOperationRef[]> {
  const kinds = ['IMPORT_ORGANIZATIONS'] as const;
  return services.database.withTransaction(PLATFORM_SCOPE, (tx) => findWaitingOperations(tx, kinds, new Date()));
}

/**
 * Goes on with an import where it stands, in the name of whoever started it, until it has ended or is to stop. It returns
 * at once when another process has it. Any number of runs do nothing twice: what is written, and that it is written, are
 * committed together. What no second attempt would put right ends it as `FAILED` with a reason.
 * @param analyze lets the planner know the tables, before many new organizations are first asked for
 * @throws Error of what may pass: it is tried again, and given up by `failImport`
 */
export async function runImport(
  services: Services,
  ref: BulkOperationRef,
  isStopping: () => boolean = () => false,
  analyze: () => Promise<void> = async () => undefined,
): Promise<void> {
  const run = await openRun(services, ref, isStopping);
  if (run === null) return;
  try {
    const operation = await begin(run);
    const tally = isSettled(operation) ? operation : await goThroughRows(run, operation);
    const isMany = !operation.dryRun && endOf(operation, tally).changed > MANY_CHANGED;
    if (isMany) await analyze();
    await finishImport(run, tally);
  } catch (error) {
    if (services.database.mayPass(error)) throw error;
    if (error instanceof DomainError) return abandonImport(run, 'FAILED', `${error.code}: ${error.message}`);
    if (!(error instanceof Halt)) throw error;
    if (error.why === 'CANCELLED') await abandonImport(run, 'CANCELLED', null);
  }
}

/** Ends an import that cannot be gone on with. @param reason for whoever started it: holds no secret */
export async function failImport(services: Services, ref: BulkOperationRef, reason: string): Promise<void> {
  const run = await openRun(services, ref, () => false);
  if (run !== null) await abandonImport(run, 'FAILED', reason);
}

/** Not while another import writes to the provider: it would only keep others waiting. @throws Halt */
function begin(run: ImportRun): Promise<BulkOperation> {
  return asOnlyRun(run, async (ctx, tx, operation) => {
    const mayWrite = operation.dryRun || (await tryWriteLock(tx, run.provider.serviceProviderId));
    if (!mayWrite) throw new Halt('NOT_OURS');
    if (!(await writeStarted(tx, operation, ctx.now))) throw new Halt('NOT_OURS');
    return operation;
  });
}

async function goThroughRows(run: ImportRun, { dryRun, atomicity }: BulkOperation): Promise<Tally> {
  if (dryRun) return assessRows(run);
  if (atomicity === 'ALL_OR_NOTHING') return writeAllRows(run);
  for (;;) {
    const tally = await writeNextRows(run);
    if (tally !== null) return tally;
  }
}

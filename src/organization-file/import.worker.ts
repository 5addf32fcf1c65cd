import type { Services } from '../context.ts';
import type { BulkOperationRef } from '../ids.ts';
import { failImport, findImportsToRun, runImport } from './run-import.service.ts';

/** Runs imports in the background, beside the other bulk operations. @param analyze lets the planner know the tables */
export function importRunner(analyze: () => Promise<void>) {
  const analyzing = ({ log }: Services) =>
    analyze().catch((error: unknown) => log.warn({ err: error }, 'the tables could not be analyzed after an import'));
  return {
    find: findImportsToRun,
    run: (services: Services, ref: BulkOperationRef, isStopping: () => boolean) =>
      runImport(services, ref, isStopping, () => analyzing(services)),
    fail: failImport,
  };
}

import { writeProgress } from '../bulk-operation/bulk-operation.repository.ts';
import { NOTHING_DONE, type Tally } from '../bulk-operation/bulk-operation.ts';
import { decideRows } from './decide-rows.ts';
import { countImportOutcomes, findImportRows, writeRowOutcomes } from './import-row.repository.ts';
import { asOnlyRun, type ImportRun, requireProvider } from './import-run.ts';

/** Rows of one transaction. */
const CHUNK = 1000;

/**
 * Decides on every row that nothing was decided on yet, and keeps what would become of it. That is all that a dry run
 * does, and what all or nothing does first.
 * @throws Halt; DomainError `NOT_FOUND`
 */
export async function assessRows(run: ImportRun): Promise<Tally> {
  for (let after: number | null = 0; after !== null; ) after = await assessChunk(run, after);
  return asOnlyRun(run, (_, tx) => countImportOutcomes(tx, run.ref));
}

/** @returns the position of its last row; null when there was none left */
function assessChunk(run: ImportRun, after: number): Promise<number | null> {
  return asOnlyRun(run, async (ctx, tx, operation) => {
    const provider = await requireProvider(tx, run);
    const rows = await findImportRows(tx, run.ref, after, CHUNK);
    const last = rows.at(-1)?.position ?? null;
    const { others } = await decideRows(tx, provider, rows, ctx.now);
    await writeRowOutcomes(tx, run.ref, others);
    if (operation.dryRun && last !== null) await writeProgress(tx, operation, { ...NOTHING_DONE, doneThrough: last });
    return last;
  });
}

import { writeProgress } from '../bulk-operation/bulk-operation.repository.ts';
import { addTallies, type Tally } from '../bulk-operation/bulk-operation.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { OrganizationId } from '../ids.ts';
import { createOrganizations } from './create-organizations.ts';
import { decideAsIfNew, decideRows } from './decide-rows.ts';
import type { ImportRow } from './import-operation.ts';
import { findImportRows, writeRowOutcomes } from './import-row.repository.ts';
import { asOnlyWriter, type ImportRun } from './import-run.ts';
import type { ProviderPlace } from './new-organization.repository.ts';

/** Rows of one transaction. */
const CHUNK = 500;
/** How often others may take a name between the decision and the writing. */
const MOST_ATTEMPTS = 5;

/**
 * Row by row: the next rows, each imported or refused, in one transaction with how far the import is.
 * @returns how all of them ended; null while there are more
 * @throws Halt; DomainError `NOT_FOUND`, `SECRETS_UNAVAILABLE`
 */
export function writeNextRows(run: ImportRun): Promise<Tally | null> {
  return asOnlyWriter(run, async (ctx, tx, operation, provider) => {
    const rows = await findImportRows(tx, run.ref, operation.doneThrough, CHUNK);
    const others = await createOrDecide(ctx, tx, provider, rows);
    await writeRowOutcomes(tx, run.ref, others);
    const tally = addTallies(operation, tallyOf(rows, others));
    const doneThrough = rows.at(-1)?.position ?? operation.total;
    await writeProgress(tx, operation, { ...tally, doneThrough });
    return doneThrough === operation.total ? tally : null;
  });
}

/** @returns what is to be kept of those that nothing was done for */
async function createOrDecide(
  ctx: RequestContext,
  tx: Tx,
  provider: ProviderPlace,
  rows: readonly ImportRow[],
): Promise<ImportRow[]> {
  // Most are new. That is tried first: the unique indexes say which ones are not, and only those are looked up.
  let created = await createOrganizations(ctx, tx, provider, decideAsIfNew(rows, ctx.now).toCreate);
  let left = rows.filter(({ outcome, organizationId }) => outcome === null && !isOneOf(created, organizationId));
  const kept: ImportRow[] = [];
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > MOST_ATTEMPTS) throw new Error('names are taken, and not when they are looked up');
    const { toCreate, others } = await decideRows(tx, provider, left, ctx.now);
    kept.push(...others);
    const tried = new Set(toCreate.map(({ organizationId }) => organizationId));
    created = await createOrganizations(ctx, tx, provider, toCreate);
    left = left.filter(({ organizationId }) => isOneOf(tried, organizationId) && !isOneOf(created, organizationId));
  }
  return kept;
}

function isOneOf(ids: ReadonlySet<OrganizationId>, id: OrganizationId | null): boolean {
  return id !== null && ids.has(id);
}

function tallyOf(rows: readonly ImportRow[], others: readonly ImportRow[]): Tally {
  const ended = [...rows.filter(({ outcome }) => outcome !== null), ...others];
  const refused = ended.filter(({ outcome }) => outcome === 'REFUSED').length;
  return { changed: rows.length - ended.length, unchanged: ended.length - refused, refused };
}

import { recordAudit } from '../audit/record-audit.ts';
import { type BulkOperationStatus, finalStatus, NOTHING_DONE, type Tally } from '../bulk-operation/bulk-operation.ts';
import { actorKept } from '../bulk-operation/bulk-operation-row.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { BulkOperationRef, OrganizationId } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { createOrganizations } from './create-organizations.ts';
import { decideAsIfNew, decideRows } from './decide-rows.ts';
import {
  findDueImports,
  findImportOperation,
  findImportOrigin,
  lockImportOperation,
  markImportFinished,
  markImportStarted,
  noteImportProgress,
  serializeImports,
} from './import-operation.repository.ts';
import type { ImportOperation, ImportRow } from './import-operation.ts';
import { countImportOutcomes, findImportRows, writeRowOutcomes } from './import-row.repository.ts';

/** Imports of so many rows are run while the caller waits. */
export const MOST_ROWS_AT_ONCE = 1000;
/** After that somebody who waited has gone away. */
const LEFT_AFTER_MS = 5000;
const MOST_DUE = 10;
/** Rows of one transaction row by row, and of one statement all in all. */
const CHUNK = 500;
/** How often others may take a name between the decision and the writing. */
const MOST_ATTEMPTS = 5;

/** One import under way. Whoever runs it acts as who started it. */
interface Run {
  readonly ctx: RequestContext;
  readonly ref: BulkOperationRef;
  readonly isStopping: () => boolean;
}

/** Somebody else has taken a name, or ended the import. */
class Moved extends Error {
  override readonly name = 'Moved';
}
/** The process stops: another one goes on. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Runs imports that wait, and those that a process left unfinished. Any number of processes may do so.
 * @param analyze lets the planner know how many organizations there are now, before the first list of them is asked for
 */
export async function runDueImports(
  services: Services,
  analyze: () => Promise<void>,
  isStopping: () => boolean,
): Promise<void> {
  const left = new Date(Date.now() - LEFT_AFTER_MS);
  const due = await services.database.read(PLATFORM_SCOPE, (tx) =>
    findDueImports(tx, MOST_ROWS_AT_ONCE, left, MOST_DUE),
  );
  for (const ref of due) {
    if (isStopping()) return;
    await runImport(services, ref, isStopping).catch((error: unknown) => {
      services.log.error({ err: error, operation: ref.bulkOperationId }, 'an import broke off; it is tried again');
    });
  }
  if (due.length > 0) await analyze();
}

/**
 * Brings an import to its end, from wherever it stands. Several at a time do no harm: what writes holds the operation's
 * lock, and an organization that is there already is left alone. What cannot be put right by trying again ends it as
 * `FAILED` with a reason.
 */
export async function runImport(
  services: Services,
  ref: BulkOperationRef,
  isStopping: () => boolean = () => false,
): Promise<void> {
  const ctx = await contextOf(services, ref);
  if (ctx === null) return;
  const run = { ctx, ref, isStopping };
  try {
    const operation = await inTransaction(run, async (tx) => {
      await markImportStarted(tx, ref, ctx.now);
      return findImportOperation(tx, ref);
    });
    if (operation === null || operation.finishedAt !== null) return;
    if (operation.dryRun) await rehearse(run, operation);
    else if (operation.atomicity === 'ALL_OR_NOTHING') await runAsOne(run, operation);
    else while (await runChunk(run));
  } catch (error) {
    if (error instanceof Stopped) return;
    if (!(error instanceof DomainError)) throw error;
    await inTransaction(run, async (tx) => {
      const operation = await lockImportOperation(tx, ref);
      if (operation !== null) await finish(run, tx, operation, 'FAILED', operation, `${error.code}: ${error.message}`);
    });
  }
}

async function contextOf(services: Services, ref: BulkOperationRef): Promise<RequestContext | null> {
  const origin = await services.database.read(PLATFORM_SCOPE, (tx) => findImportOrigin(tx, ref));
  if (origin === null) return null;
  const { actor, requestId, ipAddress } = origin;
  return { ...services, actor: actorKept(actor), requestId, ipAddress, now: new Date() };
}

function inTransaction<Result>({ ctx }: Run, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return ctx.database.withTransaction(ctx.actor.scope, work);
}

/** What a dry run does: everything is decided on, and nothing written but that. */
async function rehearse(run: Run, asked: ImportOperation): Promise<void> {
  if (!(await assess(run, asked))) return;
  await inTransaction(run, async (tx) => {
    const operation = await lockImportOperation(tx, run.ref);
    if (operation === null || operation.finishedAt !== null) return;
    const tally = await countImportOutcomes(tx, run.ref);
    await finish(run, tx, operation, finalStatus(operation.atomicity, tally), tally, null, operation.total);
  });
}

/** First all rows are decided on. Only when none is refused they are written, in one transaction that decides again. */
async function runAsOne(run: Run, asked: ImportOperation): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (!(await assess(run, asked))) return;
    const tally = await inTransaction(run, (tx) => countImportOutcomes(tx, run.ref));
    if (tally.refused > 0) return failWhole(run);
    try {
      return await inTransaction(run, (tx) => writeWhole(run, tx));
    } catch (error) {
      if (!(error instanceof Moved) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function failWhole(run: Run): Promise<void> {
  await inTransaction(run, async (tx) => {
    const operation = await lockImportOperation(tx, run.ref);
    if (operation === null || operation.finishedAt !== null) return;
    const { unchanged, refused } = await countImportOutcomes(tx, run.ref);
    await finish(run, tx, operation, 'FAILED', { changed: 0, unchanged, refused }, null);
  });
}

/** Decides on the rows that are open, a chunk at a time. @returns false when the import was cancelled, or has ended */
async function assess(run: Run, { total }: ImportOperation): Promise<boolean> {
  for (let done = 0; done < total; done += CHUNK) {
    const goesOn = await inTransaction(run, async (tx) => {
      const operation = await lockImportOperation(tx, run.ref);
      if (operation === null || !(await mayGoOn(run, tx, operation))) return false;
      const provider = await requireProvider(tx, operation);
      const rows = await findImportRows(tx, run.ref, done, CHUNK);
      const { others } = await decideRows(tx, provider, rows, new Date());
      await writeRowOutcomes(tx, run.ref, others);
      return true;
    });
    if (!goesOn) return false;
  }
  return true;
}

async function writeWhole(run: Run, tx: Tx): Promise<void> {
  const operation = await lockImportOperation(tx, run.ref);
  if (operation === null || !(await mayGoOn(run, tx, operation))) return;
  const provider = await requireProvider(tx, operation);
  await serializeImports(tx, provider.id);
  const ctx = { ...run.ctx, now: new Date() };
  let changed = 0;
  for (let done = 0; done < operation.total; done += CHUNK) {
    if (run.isStopping()) throw new Stopped();
    const rows = await findImportRows(tx, run.ref, done, CHUNK);
    const { toCreate, others } = decideAsIfNew(rows, ctx.now);
    if (others.length > 0) throw new Moved();
    const created = await createOrganizations(ctx, tx, provider, toCreate);
    if (created.size < toCreate.length) throw new Moved();
    changed += created.size;
  }
  const tally = { changed, unchanged: operation.total - changed, refused: 0 };
  await finish(run, tx, operation, 'SUCCEEDED', tally, null, operation.total);
}

/** The next rows, in a transaction of their own. @returns whether there are more */
function runChunk(run: Run): Promise<boolean> {
  return inTransaction(run, async (tx) => {
    const operation = await lockImportOperation(tx, run.ref);
    if (operation === null || !(await mayGoOn(run, tx, operation))) return false;
    const provider = await requireProvider(tx, operation);
    await serializeImports(tx, provider.id);
    const rows = await findImportRows(tx, run.ref, operation.doneThrough, CHUNK);
    const others = await importRows({ ...run.ctx, now: new Date() }, tx, provider, rows);
    await writeRowOutcomes(tx, run.ref, others);
    const tally = tallyOf(rows, others, operation);
    const done = operation.doneThrough + rows.length;
    const isEnd = done >= operation.total;
    if (isEnd) await finish(run, tx, operation, finalStatus('PER_ORGANIZATION', tally), tally, null, done);
    else await noteImportProgress(tx, run.ref, done, tally);
    return !isEnd;
  });
}

/** @returns what is to be kept of those that nothing was done for */
async function importRows(
  ctx: RequestContext,
  tx: Tx,
  provider: ServiceProvider,
  rows: readonly ImportRow[],
): Promise<ImportRow[]> {
  // Most are new. That is tried first: the unique indexes say which ones are not, and only those are looked up.
  let created = await createOrganizations(ctx, tx, provider, decideAsIfNew(rows, ctx.now).toCreate);
  let left = rows.filter(({ outcome, organizationId }) => outcome === null && !isOneOf(created, organizationId));
  const kept: ImportRow[] = [];
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > MOST_ATTEMPTS) throw new Moved();
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

function tallyOf(rows: readonly ImportRow[], others: readonly ImportRow[], before: Tally): Tally {
  const ended = [...rows.filter(({ outcome }) => outcome !== null), ...others];
  const refused = ended.filter(({ outcome }) => outcome === 'REFUSED').length;
  return {
    changed: before.changed + rows.length - ended.length,
    unchanged: before.unchanged + ended.length - refused,
    refused: before.refused + refused,
  };
}

/** Not when it has ended, nor when it is to be cancelled: then it is. */
async function mayGoOn(run: Run, tx: Tx, operation: ImportOperation): Promise<boolean> {
  if (operation.finishedAt !== null) return false;
  if (operation.cancelRequestedAt !== null) {
    await finish(run, tx, operation, 'CANCELLED', operation.doneThrough === 0 ? NOTHING_DONE : operation, null);
    return false;
  }
  if (run.isStopping()) throw new Stopped();
  return true;
}

async function requireProvider(tx: Tx, operation: ImportOperation): Promise<ServiceProvider> {
  const provider = await findServiceProvider(tx, operation);
  if (provider === null) throw new DomainError('NOT_FOUND', 'The provider is out of sight of who started this.');
  return provider;
}

async function finish(
  { ctx, ref }: Run,
  tx: Tx,
  operation: ImportOperation,
  status: BulkOperationStatus,
  tally: Tally,
  failure: string | null,
  doneThrough = operation.doneThrough,
): Promise<void> {
  const { changed, unchanged, refused } = tally;
  const now = new Date();
  await noteImportProgress(tx, ref, doneThrough, { changed, unchanged, refused });
  if (!(await markImportFinished(tx, ref, { status, failure, at: now }))) return;
  await recordAudit(
    tx,
    { ...ctx, now },
    {
      action: 'bulk_operation.finish',
      subject: { rootProviderId: operation.rootProviderId, providerPath: operation.providerPath, organizationId: null },
      target: operation.id,
      result: 'OK',
      before: null,
      after: { kind: 'IMPORT_ORGANIZATIONS', status, changed, unchanged, refused, failure },
      note: null,
    },
  );
}

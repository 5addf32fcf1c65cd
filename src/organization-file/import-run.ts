import { setTimeout as wait } from 'node:timers/promises';
import { findBulkOperation, tryRunLock } from '../bulk-operation/bulk-operation.repository.ts';
import { isFinished } from '../bulk-operation/bulk-operation.ts';
import { actorKept, type BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { BulkOperationRef, ServiceProviderRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { findImportOrder, tryWriteLock } from './import-operation.repository.ts';
import { isSettled } from './import-operation.ts';

const BUSY_MS = 100;

/** One import under way, in the name of whoever started it. */
export interface ImportRun {
  readonly ref: BulkOperationRef;
  readonly provider: ServiceProviderRef;
  /** Of this moment. */
  context(): RequestContext;
  isStopping(): boolean;
}

/** Leaves a transaction without a trace: the import is not gone on with, here or at all. */
export class Halt extends Error {
  override readonly name = 'Halt';
  readonly why: 'CANCELLED' | 'STOPPING' | 'NOT_OURS';

  constructor(why: Halt['why']) {
    super(why);
    this.why = why;
  }
}

/** Null of an operation that is no import. */
export async function openRun(
  services: Services,
  ref: BulkOperationRef,
  isStopping: () => boolean,
): Promise<ImportRun | null> {
  const order = await services.database.read(PLATFORM_SCOPE, (tx) => findImportOrder(tx, ref));
  if (order === null) return null;
  const { actor, requestId, ipAddress, ...provider } = order;
  const known = { ...services, actor: actorKept(actor), requestId, ipAddress };
  return { ref, provider, context: () => ({ ...known, now: new Date() }), isStopping };
}

/** One run of an import at a time, in whichever process. Null when another one has it, or it has ended. */
export async function lockRun(tx: Tx, ref: BulkOperationRef): Promise<BulkOperation | null> {
  if (!(await tryRunLock(tx, ref))) return null;
  const operation = await findBulkOperation(tx, ref);
  return operation === null || isFinished(operation.status) ? null : operation;
}

/**
 * A transaction of the one run that the import has.
 * @throws Halt when it is not ours, when it is to be cancelled, or when the process stops
 */
export function asOnlyRun<Result>(
  run: ImportRun,
  work: (ctx: RequestContext, tx: Tx, operation: BulkOperation) => Promise<Result>,
): Promise<Result> {
  const ctx = run.context();
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const operation = await lockRun(tx, run.ref);
    if (operation === null) throw new Halt('NOT_OURS');
    haltIfCancelled(operation);
    if (run.isStopping()) throw new Halt('STOPPING');
    return work(ctx, tx, operation);
  });
}

/** What is settled can no longer be cancelled. @throws Halt */
export function haltIfCancelled(operation: BulkOperation | null): void {
  if (operation !== null && operation.cancelRequestedAt !== null && !isSettled(operation)) throw new Halt('CANCELLED');
}

/**
 * The same, as the only import that writes to its provider: waits, between transactions, until no other one does.
 * @throws Halt; DomainError `NOT_FOUND`
 */
export async function asOnlyWriter<Result>(
  run: ImportRun,
  work: (ctx: RequestContext, tx: Tx, operation: BulkOperation, provider: ServiceProvider) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const written = await asOnlyRun(run, async (ctx, tx, operation) => {
      const provider = await requireProvider(tx, run);
      if (!(await tryWriteLock(tx, provider.id))) return null;
      return { result: await work(ctx, tx, operation, provider) };
    });
    if (written !== null) return written.result;
    await wait(BUSY_MS);
  }
}

/** @throws DomainError `NOT_FOUND` */
export async function requireProvider(tx: Tx, { provider }: ImportRun): Promise<ServiceProvider> {
  const found = await findServiceProvider(tx, provider);
  if (found === null) throw new DomainError('NOT_FOUND', 'The provider is out of sight of who started this.');
  return found;
}

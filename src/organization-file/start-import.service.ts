import { recordAudit } from '../audit/record-audit.ts';
import type { SyncAtomicity } from '../bulk-operation/bulk-operation.ts';
import { keepActor } from '../bulk-operation/bulk-operation-row.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { authorize, requirePermission } from '../identity/authorize.ts';
import { type BulkOperationRef, newId, type ServiceProviderRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { insertImportOperation } from './import-operation.repository.ts';
import type { ImportRow } from './import-operation.ts';
import { insertImportRows } from './import-row.repository.ts';
import { type ReadRow, readOrganizations } from './read-organizations.ts';

/** Rows that are written by one statement. */
const BATCH = 1000;

/** A file that is here as a whole. */
export interface ReceivedFile {
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** From its first byte, every time. */
  read(): AsyncIterable<Uint8Array>;
}

export interface ImportOrganizations {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | null;
  readonly file: ReceivedFile;
}

/**
 * Takes a file of organizations in, to be imported by `runImport`: either all its rows are kept, valid or not, or nothing.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`; ImportFileError for a file that is broken as a whole
 */
export async function startImport(ctx: RequestContext, input: ImportOrganizations): Promise<BulkOperationRef> {
  const { serviceProvider, atomicity, dryRun, file } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'bulk_operation.start' as const,
    input: { kind: 'IMPORT_ORGANIZATIONS', serviceProvider, atomicity, dryRun, file: file.sha256 },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const provider = requireProvider(ctx, await find(tx));
    const ref = { rootProviderId: provider.rootProviderId, bulkOperationId: newId<'BulkOperation'>() };
    const total = await keepRows(ctx, tx, ref, provider, file);
    const { requestId, ipAddress } = ctx;
    const order = { ...provider, serviceProviderId: provider.id, actor: keepActor(ctx.actor), requestId, ipAddress };
    const start = { id: ref.bulkOperationId, providerPath: provider.providerPath, createdAt: ctx.now };
    await insertImportOperation(tx, { ...start, atomicity, dryRun, total }, order);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: provider,
      target: ref.bulkOperationId,
      result: 'OK',
      before: null,
      after: { kind: 'IMPORT_ORGANIZATIONS', atomicity, dryRun, total, file: file.sha256 },
      note: null,
    });
    return ref;
  });
  return answer;
}

/** Whoever sees single organizations only may not add one, whatever permissions they have been lent. */
function requireProvider(ctx: RequestContext, found: ServiceProvider | null): ServiceProvider {
  const provider = authorize(ctx.actor, 'organization:manage', found, 'serviceProviderId', seesProvider);
  if (inSight(ctx.actor.scope, provider)) return provider;
  throw new DomainError('FORBIDDEN', 'Only staff of the provider can add organizations. Ask them.');
}

async function keepRows(
  ctx: RequestContext,
  tx: Tx,
  ref: BulkOperationRef,
  { providerPath }: ServiceProvider,
  file: ReceivedFile,
): Promise<number> {
  let total = 0;
  let batch: ImportRow[] = [];
  const keep = async () => {
    await insertImportRows(tx, ref, providerPath, batch);
    batch = [];
  };
  for await (const read of readOrganizations(file.read())) {
    if (read.parsed.organization?.subscription) requirePermission(ctx.actor, 'subscription:manage');
    batch.push(toImportRow(++total, read));
    if (batch.length === BATCH) await keep();
  }
  if (batch.length > 0) await keep();
  return total;
}

function toImportRow(position: number, { row, cells, parsed }: ReadRow): ImportRow {
  if (parsed.errors !== undefined) {
    return { position, row, organizationId: null, cells: [], outcome: 'REFUSED', errors: parsed.errors };
  }
  return { position, row, organizationId: newId<'Organization'>(), cells, outcome: null, errors: null };
}

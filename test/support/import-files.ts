import { createHash } from 'node:crypto';
import { findBulkOperation } from '../../src/bulk-operation/bulk-operation.repository.ts';
import type { BulkOperation } from '../../src/bulk-operation/bulk-operation-row.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { BulkOperationRef, ServiceProviderRef } from '../../src/ids.ts';
import type { ImportRow } from '../../src/organization-file/import-operation.ts';
import { findImportRows } from '../../src/organization-file/import-row.repository.ts';
import { runImport } from '../../src/organization-file/run-import.service.ts';
import {
  type ImportOrganizations,
  type ReceivedFile,
  startImport,
} from '../../src/organization-file/start-import.service.ts';
import type { KeyWorld } from './key-world.ts';

/** A file as the server has it once it is received. */
export function fileOf(content: string | Uint8Array): ReceivedFile {
  const bytes = Buffer.from(content);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async *read() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    },
  };
}

/** An import of the file into the reseller of that world. */
export const asked = (world: KeyWorld, content: string): ImportOrganizations => ({
  serviceProvider: world.tenants.reseller,
  atomicity: 'ALL_OR_NOTHING',
  dryRun: false,
  idempotencyKey: null,
  file: fileOf(content),
});

export interface Imported {
  readonly ref: BulkOperationRef;
  readonly operation: BulkOperation;
  readonly rows: readonly ImportRow[];
}

/** Takes a file in and runs it to its end. */
export async function importFile(
  world: KeyWorld,
  actor: Actor,
  provider: ServiceProviderRef | null,
  content: string | Uint8Array,
  more: Partial<ImportOrganizations> = {},
): Promise<Imported> {
  const input = {
    serviceProvider: provider,
    atomicity: 'ALL_OR_NOTHING',
    dryRun: false,
    idempotencyKey: null,
  } as const;
  const ref = await startImport(world.as(actor), { ...input, file: fileOf(content), ...more });
  await runImport(world.keyward.services, ref);
  return readImport(world, ref);
}

export async function readImport(world: KeyWorld, ref: BulkOperationRef): Promise<Imported> {
  return world.keyward.services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const operation = await findBulkOperation(tx, ref);
    if (operation === null) throw new Error('no such import');
    return { ref, operation, rows: await findImportRows(tx, ref, 0, 1_000_000) };
  });
}

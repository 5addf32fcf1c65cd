import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import { addToRotation } from './key-rotation.repository.ts';
import type { KeyRotation } from './rotation.ts';
import { type SealedRow, type SealedTable, sealedTables } from './sealed-table.repository.ts';
import { deleteUnusedDataKeys } from './wrapped-key.repository.ts';

/** So few that a command on one of them hardly waits. */
const BATCH = 500;

/**
 * Seals by the newest data key whatever older ones sealed, and deletes those. A server that has not seen the newest one
 * may seal by an older one after we have passed: then we go round again. It has until the deletion; after that the
 * database refuses what it writes, and it reads the keys anew.
 * @returns what does not open: it keeps its data key
 */
export async function resealRoot(
  services: Services,
  rotation: KeyRotation,
  root: ServiceProviderId,
  newest: number,
  onResealed: (count: number) => void,
): Promise<string[]> {
  for (;;) {
    const unreadable: string[] = [];
    let resealed = 0;
    for (const table of sealedTables) {
      for (let after: readonly string[] | null = table.start; after !== null; ) {
        const batch = await resealBatch(services, rotation, table, root, newest, after);
        resealed += batch.resealed;
        onResealed(batch.resealed);
        unreadable.push(...batch.unreadable.map(({ place }) => [table.name, root, ...place].join(' ')));
        after = batch.last;
      }
    }
    const left = await services.database.withTransaction(PLATFORM_SCOPE, (tx) =>
      deleteUnusedDataKeys(tx, root, newest),
    );
    if (left === 0 || (resealed === 0 && unreadable.length > 0)) return unreadable;
  }
}

interface Batch {
  readonly resealed: number;
  readonly unreadable: readonly SealedRow[];
  /** Where to go on; null at the end. */
  readonly last: readonly string[] | null;
}

function resealBatch(
  { database, keyRing }: Services,
  rotation: KeyRotation,
  table: SealedTable,
  root: ServiceProviderId,
  newest: number,
  after: readonly string[],
): Promise<Batch> {
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const rows = await table.lockNext(tx, root, newest, after, BATCH);
    if (rows.length === 0) return { resealed: 0, unreadable: [], last: null };
    const keys = await keyRing.of(tx, root, newest);
    const resealed = rows.map((row) => reseal(keys, row)).filter((row) => row !== null);
    if (resealed.length > 0) await table.write(tx, root, resealed);
    await addToRotation(tx, rotation, { resealed: resealed.length });
    const done = new Set(resealed.map(({ context }) => context));
    return {
      resealed: resealed.length,
      unreadable: rows.filter(({ context }) => !done.has(context)),
      last: rows.length < BATCH ? null : (rows.at(-1)?.place ?? null),
    };
  });
}

/** Null when it was changed by hand, or belongs elsewhere. */
function reseal(keys: TenantKeys, row: SealedRow): SealedRow | null {
  try {
    return { ...row, sealed: keys.seal(keys.open(row.sealed, row.context), row.context) };
  } catch {
    return null;
  }
}

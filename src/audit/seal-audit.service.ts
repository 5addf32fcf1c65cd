import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { ServiceProviderId } from '../ids.ts';
import {
  deleteUnsealed,
  findHead,
  findRootsToSeal,
  findUnsealedEvents,
  insertLinks,
  type NewLink,
  saveHead,
  tryLockChain,
} from './audit-chain.repository.ts';
import { firstHash, nextHash } from './audit-chain.ts';
import { type AuditHeadRow, type AuditSigningKey, type SignedHead, signHead } from './audit-head.ts';

/** Of one transaction: few enough that what else the process does waits for milliseconds only. */
const BATCH = 500;

export interface SealOptions {
  /** Null: the heads stay unsigned, until somebody seals who has the key. */
  readonly key: AuditSigningKey | null;
  /** Told of each head that was signed, once it is committed. */
  readonly onSigned: (head: SignedHead) => void;
  /** Asked between transactions. */
  readonly isStopping?: () => boolean;
}

/**
 * Puts the events that wait into the chain of their root provider, a batch a transaction, root by root, until none waits.
 * Any number of processes may do so at once: a chain that another one is at is left to it. What fails for one root
 * is logged and tried again by the next call. @returns how many events this call sealed
 */
export async function sealAuditTrail(services: Services, options: SealOptions): Promise<number> {
  const { database, log } = services;
  let sealed = 0;
  let roots = await database.read(PLATFORM_SCOPE, (tx) => findRootsToSeal(tx, options.key !== null));
  while (roots.length > 0) {
    const unfinished: ServiceProviderId[] = [];
    for (const rootProviderId of roots) {
      if (options.isStopping?.() === true) return sealed;
      try {
        const count = await sealBatch(services, rootProviderId, options);
        sealed += count;
        if (count === BATCH) unfinished.push(rootProviderId);
      } catch (error) {
        log.error({ err: error, rootProviderId }, 'sealing the audit trail failed; it is tried again');
      }
    }
    roots = unfinished;
  }
  return sealed;
}

async function sealBatch(
  { database }: Services,
  rootProviderId: ServiceProviderId,
  { key, onSigned }: SealOptions,
): Promise<number> {
  const done = await database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    if (!(await tryLockChain(tx, rootProviderId))) return null;
    return extendChain(tx, rootProviderId, key);
  });
  if (done === null) return 0;
  const { head, count } = done;
  const { signature } = head;
  if (signature !== null) onSigned({ ...head, signature });
  return count;
}

/** Null when there was nothing to do. Needs the lock of the chain. */
async function extendChain(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  key: AuditSigningKey | null,
): Promise<{ head: AuditHeadRow; count: number } | null> {
  const [previous, events] = await Promise.all([
    findHead(tx, rootProviderId),
    findUnsealedEvents(tx, rootProviderId, BATCH),
  ]);
  const isUnsigned = previous !== null && previous.signature === null && key !== null;
  if (events.length === 0 && !isUnsigned) return null;
  const after = previous?.sequence ?? 0;
  let hash = previous?.hash ?? firstHash(rootProviderId);
  const links: NewLink[] = events.map((event) => {
    hash = nextHash(hash, event);
    return { eventId: event.id, hash };
  });
  const head = { rootProviderId, sequence: after + links.length, hash, sealedAt: new Date() };
  const signed = { ...head, signature: key === null ? null : await signHead(key, head) };
  await insertLinks(tx, rootProviderId, after, links);
  const ids = links.map(({ eventId }) => eventId);
  const removed = await deleteUnsealed(tx, rootProviderId, ids);
  const isSaved = await saveHead(tx, signed, after);
  if (removed !== links.length || !isSaved) throw new Error(`the chain of ${rootProviderId} was sealed by two at once`);
  return { head: signed, count: links.length };
}

import type { Tx } from '../database/database.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { KeyEncryptionKeys } from '../secrets/key-encryption-keys.ts';
import { findHead } from './audit-chain.repository.ts';
import { type AuditHead, readSignedHead } from './audit-head.ts';
import { type AuditPublicKeys, loadAuditPublicKeys } from './audit-keys.ts';
import {
  countWaiting,
  findAuditedRoots,
  findChainEntries,
  findUnchainedEvent,
  findWaitingMissing,
} from './audit-verification.repository.ts';
import { type Breach, ChainCheck } from './chain-check.ts';
import type { Checkpoint, Checkpoints } from './checkpoint-file.ts';
import type { RootReport, Verification } from './verification-text.ts';

const PAGE = 2000;

export interface VerifyOptions {
  /** Runs `work` in a transaction that sees everything, and all of it as it was at one moment. */
  readonly snapshot: <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;
  readonly keyEncryptionKeys: KeyEncryptionKeys;
  /** Read before the first snapshot: what they tell of is in the database by then. */
  readonly checkpoints: Checkpoints;
  readonly onRoot: (report: RootReport) => void;
}

/** Checks the chains of all root providers, a page at a time and each as of one moment: it may run beside live servers. */
export async function verifyAuditTrail(options: VerifyOptions): Promise<Verification> {
  const { snapshot, keyEncryptionKeys, checkpoints, onRoot } = options;
  const [roots, keys] = await snapshot(async (tx) => {
    return [await findAuditedRoots(tx), await loadAuditPublicKeys(tx, keyEncryptionKeys)] as const;
  });
  const all = new Set([...roots, ...checkpoints.byRoot.keys()]);
  let broken = 0;
  for (const rootProviderId of all) {
    const report = await snapshot((tx) => verifyRoot(tx, rootProviderId, options));
    if (report.breach !== null) broken++;
    onRoot(report);
  }
  return { chains: all.size, broken, changedKeys: keys.changed, areKeysProven: keys.areProven };
}

async function verifyRoot(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  { keyEncryptionKeys, checkpoints }: VerifyOptions,
): Promise<RootReport> {
  // In every snapshot anew: a head of this one may be signed by a key that was made after the last one.
  const keys = await loadAuditPublicKeys(tx, keyEncryptionKeys);
  const anchored = await readAnchored(rootProviderId, checkpoints.byRoot.get(rootProviderId) ?? [], keys.byId);
  const check = new ChainCheck(rootProviderId, anchored.heads);
  const inChain = await walk(tx, rootProviderId, check);
  const head = await findHead(tx, rootProviderId);
  const breach =
    inChain ??
    (await check.finish(head, keys.byId, keys.areProven)) ??
    anchored.breach ??
    (await findStray(tx, rootProviderId));
  const waiting = await countWaiting(tx, rootProviderId);
  const unsignedSince = head?.signature === null ? head.sealedAt : null;
  return { rootProviderId, events: check.length, waiting, unsignedSince, breach };
}

async function walk(tx: Tx, rootProviderId: ServiceProviderId, check: ChainCheck): Promise<Breach | null> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const entries = await findChainEntries(tx, rootProviderId, after, PAGE);
    for (const entry of entries) {
      const breach = check.add(entry);
      if (breach !== null) return breach;
      after = entry.sequence;
    }
    if (entries.length < PAGE) return null;
  }
}

async function findStray(tx: Tx, rootProviderId: ServiceProviderId): Promise<Breach | null> {
  const unchained = await findUnchainedEvent(tx, rootProviderId);
  if (unchained !== null) return { kind: 'EVENT_IN_NO_CHAIN', sequence: null, eventId: unchained };
  const missing = await findWaitingMissing(tx, rootProviderId);
  return missing === null ? null : { kind: 'WAITING_EVENT_MISSING', sequence: null, eventId: missing };
}

/** Of checkpoints, the heads that were signed as the lines say; and the first line of which that is not true. */
async function readAnchored(
  rootProviderId: ServiceProviderId,
  checkpoints: readonly Checkpoint[],
  keys: AuditPublicKeys['byId'],
): Promise<{ heads: AuditHead[]; breach: Breach | null }> {
  const heads: AuditHead[] = [];
  let breach: Breach | null = null;
  for (const { sequence, sealedAt, signature } of checkpoints) {
    const head = await readSignedHead(signature, keys);
    const isAsSigned = head?.sequence === sequence && head.sealedAt.getTime() === sealedAt.getTime();
    if (head?.rootProviderId === rootProviderId && isAsSigned) heads.push(head);
    else breach ??= { kind: 'CHECKPOINT_CHANGED', sequence, eventId: null };
  }
  return { heads, breach };
}

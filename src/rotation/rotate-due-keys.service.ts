import { KeyString } from '../api-key/key-string.ts';
import { NO_APPROVAL } from '../bulk-operation/approval.ts';
import { insertBulkOperation } from '../bulk-operation/bulk-operation.repository.ts';
import { MOST_TARGETS, NOTHING_DONE } from '../bulk-operation/bulk-operation.ts';
import {
  type BulkCommand,
  type BulkOperation,
  keepActor,
  sealingContextOf,
} from '../bulk-operation/bulk-operation-row.ts';
import { recordOperation } from '../bulk-operation/finish-operation.ts';
import type { RotationTerms } from '../bulk-operation/rotation-terms.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { type BulkOperationId, type BulkOperationRef, newId, type RotationPolicyRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { runId } from '../watching/current.ts';
import {
  findDueSharedStrings,
  findPoliciesWithWork,
  hasOperationUnderWay,
  insertItemsOfEach,
  insertItemsOfSharing,
} from './due-key.repository.ts';
import { findEnabledPolicies, tryLockRotationPolicy } from './rotation-policy.repository.ts';
import { overlapOf, type RotationPolicy, refOf } from './rotation-policy.ts';
import { isOpen, windowFrom } from './rotation-window.ts';

/** Shared strings of one policy that are rotated at the same time. */
const MOST_SHARED_STRINGS = 20;
/** Nothing is begun any more so shortly before a window closes. */
const MARGIN_MS = 5000;

/**
 * Begins what is due under automatic policies whose window is open: operations that the background runs, and that end with
 * the window. A policy that has one under way is left alone. Any number of processes may do it at once: each operation is
 * made once.
 * @returns the operations
 */
export async function rotateDueKeys(services: Services, now: Date): Promise<BulkOperationRef[]> {
  const { database } = services;
  const policies = await database.read(PLATFORM_SCOPE, findEnabledPolicies);
  const open = policies.filter(({ mode, window }) => mode === 'AUTOMATIC' && isOpen(window, now));
  if (open.length === 0) return [];
  const withWork = await database.read(PLATFORM_SCOPE, (tx) => findPoliciesWithWork(tx, open, now));
  const begun: BulkOperationRef[] = [];
  const due = open.filter(({ id }) => withWork.has(id)).map(refOf);
  await eachAlone(services, 'beginning what a rotation policy asks for', due, async (ref) => {
    begun.push(...(await database.withTransaction(PLATFORM_SCOPE, (tx) => begin(services, tx, ref, now))));
  });
  return begun;
}

async function begin(services: Services, tx: Tx, ref: RotationPolicyRef, now: Date): Promise<BulkOperationRef[]> {
  const policy = await tryLockRotationPolicy(tx, ref);
  if (policy === null || !policy.isEnabled || policy.mode !== 'AUTOMATIC' || !isOpen(policy.window, now)) return [];
  const runUntil = new Date(windowFrom(policy.window, now).endsAt.getTime() - MARGIN_MS);
  if (now >= runUntil || (await hasOperationUnderWay(tx, ref))) return [];
  const { rootProviderId, providerPath, providerId } = policy;
  const home = { rootProviderId, providerPath, organizationId: null };
  const actor = { ...SYSTEM_ACTOR, home };
  const ctx: RequestContext = { ...services, actor, requestId: runId(), now, ipAddress: null };
  const provider = await findServiceProvider(tx, { rootProviderId, serviceProviderId: providerId });
  const overlap = overlapOf(policy, provider?.overlapAllowedMinutes ?? 0);
  const how = { policy: policy.name, ...(overlap === null ? {} : { overlap }) };
  const begun = [await regenerateEach(ctx, tx, policy, how, runUntil)];
  if (policy.sharedString) {
    for (const fingerprint of await findDueSharedStrings(tx, policy, now, MOST_SHARED_STRINGS)) {
      begun.push(await syncSharing(ctx, tx, policy, how, runUntil, fingerprint));
    }
  }
  return begun.filter((operation) => operation !== null);
}

async function regenerateEach(
  ctx: RequestContext,
  tx: Tx,
  policy: RotationPolicy,
  how: RotationTerms,
  runUntil: Date,
): Promise<BulkOperationRef | null> {
  const id = newId<'BulkOperation'>();
  const total = await insertItemsOfEach(tx, policy, id, ctx.now, MOST_TARGETS);
  if (total === 0) return null;
  const command = { kind: 'REGENERATE_API_KEY', keyKind: 'CLOUD_SERVICE', ...how } as const;
  return write(ctx, tx, policy, { id, total, command, secret: null, runUntil });
}

/** All or nothing: those on one string change over in one instant. */
async function syncSharing(
  ctx: RequestContext,
  tx: Tx,
  policy: RotationPolicy,
  how: RotationTerms,
  runUntil: Date,
  fingerprint: Buffer,
): Promise<BulkOperationRef | null> {
  const id = newId<'BulkOperation'>();
  const total = await insertItemsOfSharing(tx, policy, id, ctx.now, MOST_TARGETS, fingerprint);
  if (total === 0) return null;
  const keyString = KeyString.generate();
  const keys = await ctx.keyRing.of(tx, policy.rootProviderId);
  const command = { kind: 'SYNC_API_KEY', fingerprint: keys.fingerprint(keyString), ...how } as const;
  return write(ctx, tx, policy, { id, total, command, secret: keyString, runUntil });
}

interface Begun {
  readonly id: BulkOperationId;
  readonly total: number;
  readonly command: BulkCommand;
  readonly secret: Secret | null;
  readonly runUntil: Date;
}

async function write(
  ctx: RequestContext,
  tx: Tx,
  { rootProviderId, providerPath, id: rotationPolicyId }: RotationPolicy,
  { id, total, command, secret, runUntil }: Begun,
): Promise<BulkOperationRef> {
  const { actor, now, requestId, ipAddress } = ctx;
  const operation: BulkOperation = {
    ...{ id, rootProviderId, providerPath, organizationId: null, total, command },
    ...NOTHING_DONE,
    ...NO_APPROVAL,
    kind: command.kind,
    atomicity: command.kind === 'SYNC_API_KEY' ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION',
    dryRun: false,
    status: 'PENDING',
    ...{ createdById: null, createdByName: actor.displayName, onBehalfOf: null, lentIds: null },
    doneThrough: 0,
    createdAt: now,
    ...{ startedAt: null, finishedAt: null, cancelRequestedAt: null, failure: null },
    ...{ runAt: null, runUntil, rotationPolicyId },
  };
  const keys = await ctx.keyRing.of(tx, rootProviderId);
  const sealed = secret === null ? null : keys.seal(secret, sealingContextOf(operation));
  await insertBulkOperation(tx, { operation, actor: keepActor(actor), requestId, ipAddress, sealed });
  await recordOperation(tx, ctx, 'bulk_operation.start', operation);
  return { rootProviderId, bulkOperationId: id };
}

import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { validationFailed } from '../errors.ts';
import { type FleetFilter, refuseBadFilter } from '../fleet/fleet.ts';
import { resolveFilter } from '../fleet/resolve-filter.ts';
import { keepingPlaceOf } from '../identity/actor.ts';
import { requirePermission } from '../identity/authorize.ts';
import { type BulkOperationId, type BulkOperationRef, newId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { refuseOtherThanChecked } from './as-checked.ts';
import type { BulkAction } from './bulk-action.ts';
import {
  findNextItems,
  type GivenId,
  insertItemsByFilter,
  insertItemsByIds,
  type Owner,
} from './bulk-item.repository.ts';
import { insertBulkOperation } from './bulk-operation.repository.ts';
import {
  type BulkOperationKind,
  MOST_TARGETS,
  MOST_TARGETS_AT_ONCE,
  MOST_UNFINISHED,
  missingItem,
  NOTHING_DONE,
  permissionForKind,
  refuseBadTotal,
  refuseOrganizationStaff,
  type SyncAtomicity,
  tooManyTargets,
  tooManyUnfinished,
} from './bulk-operation.ts';
import { type BulkCommand, type BulkOperation, keepActor, sealingContextOf } from './bulk-operation-row.ts';
import { isWaiting, lookAhead, settleApproval } from './dry-run-first.ts';
import { endOf, finishOperation, recordOperation } from './finish-operation.ts';
import { keptId } from './given-id.ts';
import { keepOutcomes, recordRefusals, tallyOf } from './run-items.ts';
import { countUnfinished } from './unfinished.repository.ts';

/** Over which organizations, and how: the same for every kind. */
export interface BulkTarget {
  /** One of the two. */
  readonly organizations: readonly GivenId[] | null;
  readonly filter: FleetFilter | null;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  /** The dry run that had the same organizations; `'UNKNOWN'`: an id that names nothing. */
  readonly checkedBy: BulkOperationRef | 'UNKNOWN' | null;
  readonly idempotencyKey: string | null;
}

/** What is to be done to each of them. */
export interface BulkOrder {
  readonly command: BulkCommand;
  /** Kept sealed until the operation has ended. */
  readonly secret: Secret | null;
  readonly action: BulkAction;
  /** Not before; left out: now. */
  readonly runAt?: Date;
  /** Refuses it for what its organizations say, once they are known. */
  readonly check?: (tx: Tx, id: BulkOperationId) => Promise<void>;
}

/** @throws DomainError `FORBIDDEN` */
export function authorizeBulk({ actor }: RequestContext, kind: BulkOperationKind): void {
  requirePermission(actor, permissionForKind[kind]);
  refuseOrganizationStaff(actor.authority);
}

/**
 * Writes the operation down with its organizations: which ones they are is settled from here on. Few are done at once, in
 * this transaction; many are left to the background, as `PENDING`. What somebody else has to approve, or is planned for a
 * time, waits, whatever its size, and tells what it would do.
 * @throws DomainError `VALIDATION_FAILED`, `TOO_MANY_TARGETS`, `LIMIT_REACHED`; for its dry run also `NOT_FOUND`,
 *   `VERSION_CONFLICT`
 */
export async function startOperation(
  ctx: RequestContext,
  tx: Tx,
  target: BulkTarget,
  { command, secret, action, runAt, check }: BulkOrder,
): Promise<BulkOperationRef> {
  const { actor, now, requestId, ipAddress } = ctx;
  const { rootProviderId, providerPath, organizationId } = keepingPlaceOf(actor);
  const id: BulkOperationId = newId();
  const hasBacklog = (await countUnfinished(tx, actor.home, MOST_TARGETS_AT_ONCE)) >= MOST_UNFINISHED;
  const most = hasBacklog ? MOST_TARGETS_AT_ONCE : MOST_TARGETS;
  const total = await insertItems(ctx, tx, { id, rootProviderId, providerPath, organizationId }, target, most);
  if (hasBacklog && total > MOST_TARGETS_AT_ONCE) throw tooManyUnfinished();
  refuseBadTotal(total);
  if (target.checkedBy !== null) await refuseOtherThanChecked(ctx, tx, { id, total }, target.checkedBy);
  await check?.(tx, id);
  const operation: BulkOperation = {
    ...{ id, rootProviderId, providerPath, organizationId, total },
    ...NOTHING_DONE,
    kind: command.kind,
    atomicity: target.atomicity,
    dryRun: target.dryRun,
    status: 'PENDING',
    createdById: actor.id,
    createdByName: actor.displayName,
    onBehalfOf: actor.onBehalfOf,
    lentIds: actor.scope.level === 'ORGANIZATION' ? actor.scope.organizationIds : null,
    command,
    doneThrough: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    failure: null,
    runAt: runAt ?? null,
    runUntil: null,
    rotationPolicyId: null,
    ...(await settleApproval(ctx, tx, { id, total, dryRun: target.dryRun })),
  };
  const waits = isWaiting(operation);
  const isAtOnce = total <= MOST_TARGETS_AT_ONCE;
  const isKept = secret !== null && (waits || !isAtOnce);
  const sealed = isKept ? (await ctx.keyRing.of(tx, rootProviderId)).seal(secret, sealingContextOf(operation)) : null;
  await insertBulkOperation(tx, { operation, actor: keepActor(actor), requestId, ipAddress, sealed });
  await recordOperation(tx, ctx, 'bulk_operation.start', operation);
  if (isAtOnce) await (waits ? lookAhead(tx, { operation, action }) : runAtOnce(ctx, tx, operation, action));
  return { rootProviderId, bulkOperationId: id };
}

async function insertItems(
  { actor: { scope }, now }: RequestContext,
  tx: Tx,
  owner: Owner,
  { organizations, filter }: BulkTarget,
  most: number,
): Promise<number> {
  if (organizations !== null && filter === null) {
    const ids = [...new Map(organizations.map((given) => [given.text, given])).values()];
    if (ids.length === 0) throw validationFailed('organizationIds', 'Name at least one organization.');
    if (ids.length > MOST_TARGETS) throw tooManyTargets();
    const kept = ids.map(({ text, ref }) => ({ text: keptId(text), ref }));
    return insertItemsByIds(tx, owner, { scope, ids: kept, now, missing: missingItem() });
  }
  if (filter !== null && organizations === null) {
    refuseBadFilter(filter);
    const resolved = await resolveFilter(tx, scope, filter);
    return insertItemsByFilter(tx, owner, { scope, filter: resolved, now, most });
  }
  throw validationFailed('organizationIds', 'Give organizationIds or filter: one of the two.');
}

async function runAtOnce(ctx: RequestContext, tx: Tx, operation: BulkOperation, action: BulkAction): Promise<void> {
  const items = await findNextItems(tx, operation, 0, operation.total);
  const { decided, write } = await action.decide(tx, items, operation.dryRun ? 'LOOK' : 'LOCK');
  const tally = tallyOf(decided);
  const isVoid = operation.atomicity === 'ALL_OR_NOTHING' && tally.refused > 0;
  if (!operation.dryRun) {
    if (!isVoid) await write();
    await recordRefusals(ctx, tx, action, decided);
  }
  await keepOutcomes(tx, operation, decided);
  if (!(await finishOperation(ctx, tx, operation, endOf(operation, tally)))) {
    throw new Error('an operation ended while its own transaction ran it');
  }
}

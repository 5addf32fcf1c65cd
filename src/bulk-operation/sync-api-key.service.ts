import { KeyString } from '../api-key/key-string.ts';
import { takeKeyString } from '../api-key-group/take-key-string.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { type FleetFilter, refuseBadFilter } from '../fleet/fleet.ts';
import { resolveFilter } from '../fleet/resolve-filter.ts';
import { requirePermission } from '../identity/authorize.ts';
import { type BulkOperationId, type BulkOperationRef, newId, type OrganizationRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import {
  findNextItems,
  type GivenId,
  insertItemsByFilter,
  insertItemsByIds,
  type Owner,
} from './bulk-item.repository.ts';
import { insertBulkOperation } from './bulk-operation.repository.ts';
import {
  MOST_TARGETS,
  MOST_TARGETS_AT_ONCE,
  missingItem,
  NOTHING_DONE,
  permissionForKind,
  refuseBadTotal,
  refuseOrganizationStaff,
  type SyncAtomicity,
  tooManyTargets,
} from './bulk-operation.ts';
import { type BulkOperation, keepActor, sealingContextOf } from './bulk-operation-row.ts';
import { endOf, finishOperation, recordOperation } from './finish-operation.ts';
import { readStringAgain } from './read-string-again.ts';
import { decideItems, type Job, keepOutcomes, tallyOf, writeChanges } from './run-items.ts';

export interface SyncInput {
  /** One of the two. */
  readonly organizations: readonly GivenId[] | null;
  readonly filter: FleetFilter | null;
  /** Null: one is generated, or taken. */
  readonly newKey: Secret | null;
  /** Whose string is taken; `'UNKNOWN'`: an id that names nothing. */
  readonly newKeyFrom: OrganizationRef | 'UNKNOWN' | null;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | null;
}

export interface SyncOutcome {
  readonly operation: BulkOperationRef;
  /** Null for callers without `apiKey:reveal`, of a dry run that generated one, and of a string that was taken. */
  readonly keyString: KeyString | null;
}

/**
 * The same string in many organizations (DOMAIN.md, "Sync"). Few are done before it answers, all in one transaction; many
 * are left to the background, as `PENDING`.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `INVALID_KEY_FORMAT`, `NOT_FOUND`, `KEY_NOT_FOUND`, `TOO_MANY_TARGETS`,
 *   `IDEMPOTENCY_KEY_REUSED`
 */
export async function syncApiKey(ctx: RequestContext, input: SyncInput): Promise<SyncOutcome> {
  const { organizations, filter, newKeyFrom, atomicity, dryRun, idempotencyKey } = input;
  const newKey = input.newKey?.expose() ?? null;
  const command = {
    action: 'api_key.sync',
    input: {
      ...{ organizations: organizations?.map(({ text }) => text) ?? null, filter },
      ...{ newKey, newKeyFrom, atomicity, dryRun },
    },
    idempotencyKey,
    target: null,
    locate: async () => null,
  } as const;
  let keyString: KeyString | null = null;
  const { answer, replayed } = await runCommand<BulkOperationRef>(ctx, command, async (tx) => {
    requirePermission(ctx.actor, permissionForKind.SYNC_API_KEY);
    refuseOrganizationStaff(ctx.actor.authority);
    keyString = await stringFor(ctx, tx, input);
    const operation = await startOperation(ctx, tx, input, keyString);
    if (operation.total <= MOST_TARGETS_AT_ONCE) await runAtOnce(ctx, tx, { operation, keyString });
    return { rootProviderId: operation.rootProviderId, bulkOperationId: operation.id };
  });
  const isShown = newKeyFrom === null && !(dryRun && newKey === null);
  if (!isShown || !ctx.actor.permissions.has('apiKey:reveal')) return { operation: answer, keyString: null };
  if (!replayed) return { operation: answer, keyString };
  const again = newKey === null ? await readStringAgain(ctx, answer) : KeyString.parse(newKey);
  return { operation: answer, keyString: again };
}

/** @throws DomainError `VALIDATION_FAILED`, `INVALID_KEY_FORMAT`; for a string that is taken also `NOT_FOUND`, `KEY_NOT_FOUND` */
async function stringFor(ctx: RequestContext, tx: Tx, { newKey, newKeyFrom }: SyncInput): Promise<KeyString> {
  if (newKeyFrom === null) return newKey === null ? KeyString.generate() : parseNewKey(newKey.expose());
  if (newKey !== null) throw validationFailed('newKeyFrom', 'Give newKey or newKeyFrom: one of the two.');
  return takeKeyString(ctx, tx, newKeyFrom === 'UNKNOWN' ? null : newKeyFrom);
}

function parseNewKey(newKey: string): KeyString {
  const keyString = KeyString.parse(newKey);
  if (keyString !== null) return keyString;
  throw new DomainError('INVALID_KEY_FORMAT', 'A key is exactly 12 characters of A-Z, a-z and 0-9.', ['newKey']);
}

/** Writes the operation down with its organizations: which ones they are is settled from here on. */
async function startOperation(
  ctx: RequestContext,
  tx: Tx,
  input: SyncInput,
  keyString: KeyString,
): Promise<BulkOperation> {
  const { actor, now, requestId, ipAddress } = ctx;
  const { rootProviderId, providerPath, organizationId } = actor.home;
  const id: BulkOperationId = newId();
  const total = await insertItems(ctx, tx, { id, rootProviderId, providerPath, organizationId }, input);
  refuseBadTotal(total);
  const operation: BulkOperation = {
    ...{ id, rootProviderId, providerPath, organizationId, total },
    ...NOTHING_DONE,
    kind: 'SYNC_API_KEY',
    atomicity: input.atomicity,
    dryRun: input.dryRun,
    status: 'PENDING',
    createdById: actor.id,
    createdByName: actor.displayName,
    onBehalfOf: actor.onBehalfOf,
    doneThrough: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    failure: null,
  };
  const keys = await ctx.keyRing.of(tx, rootProviderId);
  const sealed = total <= MOST_TARGETS_AT_ONCE ? null : keys.seal(keyString, sealingContextOf(operation));
  const kept = { fingerprint: keys.fingerprint(keyString) };
  await insertBulkOperation(tx, { operation, actor: keepActor(actor), requestId, ipAddress, sealed, input: kept });
  await recordOperation(tx, ctx, 'bulk_operation.start', operation);
  return operation;
}

async function insertItems(
  { actor: { scope }, now }: RequestContext,
  tx: Tx,
  owner: Owner,
  { organizations, filter }: SyncInput,
): Promise<number> {
  if (organizations !== null && filter === null) {
    const ids = [...new Map(organizations.map((given) => [given.text, given])).values()];
    if (ids.length === 0) throw validationFailed('organizationIds', 'Name at least one organization.');
    if (ids.length > MOST_TARGETS) throw tooManyTargets();
    return insertItemsByIds(tx, owner, { scope, ids, now, missing: missingItem() });
  }
  if (filter !== null && organizations === null) {
    refuseBadFilter(filter);
    const resolved = await resolveFilter(tx, scope, filter);
    return insertItemsByFilter(tx, owner, { scope, filter: resolved, now, most: MOST_TARGETS });
  }
  throw validationFailed('organizationIds', 'Give organizationIds or filter: one of the two.');
}

async function runAtOnce(ctx: RequestContext, tx: Tx, job: Job): Promise<void> {
  const { operation } = job;
  const items = await findNextItems(tx, operation, 0, operation.total);
  const decided = await decideItems(ctx, tx, job, items);
  const tally = tallyOf(decided);
  const isVoid = operation.atomicity === 'ALL_OR_NOTHING' && tally.refused > 0;
  if (!operation.dryRun) {
    const written = isVoid ? decided.filter(({ decision }) => decision.outcome === 'REFUSED') : decided;
    await writeChanges(ctx, tx, job, written);
  }
  await keepOutcomes(tx, job, decided);
  if (!(await finishOperation(ctx, tx, operation, endOf(operation, tally)))) {
    throw new Error('an operation ended while its own transaction ran it');
  }
}

import { withoutKeys } from '../api-key/key-string.ts';
import type { AuditAction, AuditState } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { DomainError } from '../errors.ts';
import type { FleetFilter } from '../fleet/fleet.ts';
import { authorize } from '../identity/authorize.ts';
import { newId, type OrganizationGroupRef, type ServiceProviderRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { seesProvider } from '../service-provider/service-provider.ts';
import { parseLine } from '../text.ts';
import { findMembers, type NamedMembers } from './find-members.ts';
import { countMembers, deleteMembers, insertMembers } from './group-member.repository.ts';
import {
  deleteOrganizationGroupRow,
  findOrganizationGroup,
  insertOrganizationGroup,
  lockOrganizationGroup,
  organizationGroupNameIndex,
  updateOrganizationGroupRow,
} from './organization-group.repository.ts';
import {
  kindOf,
  kindToCreate,
  LONGEST_GROUP_NAME,
  type OrganizationGroup,
  refOf,
  refuseOtherKind,
  refuseTooMany,
} from './organization-group.ts';
import { refuseKeyString } from './refuse-key-string.ts';
import { filterToStore } from './store-filter.ts';

const MOST_NAMED = 100;

export interface CreateOrganizationGroup {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly name: string;
  /** Null: by filter. */
  readonly members: NamedMembers | null;
  /** Null: by hand. */
  readonly filter: FleetFilter | null;
  readonly idempotencyKey: string | null;
}

/**
 * Of organizations of that provider and below it; they are not touched.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME`
 */
export async function createOrganizationGroup(
  ctx: RequestContext,
  input: CreateOrganizationGroup,
): Promise<OrganizationGroupRef> {
  const { serviceProvider, members, filter } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'organization_group.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const provider = authorize(ctx.actor, 'organization:manage', await find(tx), 'serviceProviderId', seesProvider);
    kindToCreate({ members, filter });
    const empty: OrganizationGroup = {
      rootProviderId: provider.rootProviderId,
      id: newId<'OrganizationGroup'>(),
      providerId: provider.id,
      providerPath: provider.providerPath,
      organizationId: null,
      name: parseLine('name', input.name, LONGEST_GROUP_NAME),
      filter: null,
      createdAt: ctx.now,
      createdByName: ctx.actor.displayName,
    };
    const group = filter === null ? empty : await withFilter(ctx, tx, empty, filter);
    const ids = await findMembers(tx, group, 'organizationIds', members ?? []);
    await uniquely(insertOrganizationGroup(tx, group));
    await insertMembers(tx, group, ids);
    await record(tx, ctx, command.action, group, { before: null, after: stateOf(group, ids.length) });
    return refOf(group);
  });
  return answer;
}

export interface OrganizationGroupInput {
  /** Null: an id that names nothing. */
  readonly organizationGroup: OrganizationGroupRef | null;
  readonly idempotencyKey: string | null;
}

export interface UpdateOrganizationGroup extends OrganizationGroupInput {
  /** Null: stays. */
  readonly name: string | null;
  readonly filter: FleetFilter | null;
  readonly add: NamedMembers;
  readonly remove: NamedMembers;
}

/**
 * What is both added and removed is not in the group afterwards. A group keeps its kind.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME`
 */
export function updateOrganizationGroup(
  ctx: RequestContext,
  input: UpdateOrganizationGroup,
): Promise<OrganizationGroupRef> {
  const { name, filter, add, remove } = input;
  return runGroupCommand(ctx, 'organization_group.update', input, { name, filter, add, remove }, async (tx, group) => {
    refuseOtherKind(kindOf(group), { filter, add, remove });
    const before = await countMembers(tx, group);
    const renamed = { ...group, name: name === null ? group.name : parseLine('name', name, LONGEST_GROUP_NAME) };
    const next = filter === null ? renamed : await withFilter(ctx, tx, renamed, filter);
    const [added, removed] = [
      await findMembers(tx, group, 'addOrganizationIds', add),
      await findMembers(tx, group, 'removeOrganizationIds', remove),
    ];
    await uniquely(updateOrganizationGroupRow(tx, next));
    await insertMembers(tx, next, added);
    await deleteMembers(tx, next, removed);
    const after = await countMembers(tx, next);
    refuseTooMany('addOrganizationIds', after);
    return { before: stateOf(group, before), after: { ...stateOf(next, after), ...namesOf(added, removed) } };
  });
}

/** The organizations are not touched. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export function deleteOrganizationGroup(
  ctx: RequestContext,
  input: OrganizationGroupInput,
): Promise<OrganizationGroupRef> {
  return runGroupCommand(ctx, 'organization_group.delete', input, {}, async (tx, group) => {
    const before = stateOf(group, await countMembers(tx, group));
    await deleteOrganizationGroupRow(tx, group);
    return { before, after: null };
  });
}

interface Change {
  readonly before: AuditState | null;
  readonly after: AuditState | null;
}

async function runGroupCommand(
  ctx: RequestContext,
  action: AuditAction,
  { organizationGroup, idempotencyKey }: OrganizationGroupInput,
  given: Readonly<Record<string, unknown>>,
  change: (tx: Tx, group: OrganizationGroup) => Promise<Change>,
): Promise<OrganizationGroupRef> {
  const find = async (tx: Tx) => (organizationGroup === null ? null : findOrganizationGroup(tx, organizationGroup));
  const target = organizationGroup?.organizationGroupId ?? null;
  const command = { action, input: { organizationGroup, ...given }, idempotencyKey, target, locate: find };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const locked = organizationGroup === null ? null : await lockOrganizationGroup(tx, organizationGroup);
    const group = authorize(ctx.actor, 'organization:manage', locked, 'organizationGroupId');
    await record(tx, ctx, action, group, await change(tx, group));
    return refOf(group);
  });
  return answer;
}

async function withFilter(
  ctx: RequestContext,
  tx: Tx,
  group: OrganizationGroup,
  filter: FleetFilter,
): Promise<OrganizationGroup> {
  const stored = await filterToStore(tx, ctx.actor.scope, group, filter);
  await refuseKeyString(ctx, tx, group, stored.search);
  return { ...group, filter: stored };
}

async function uniquely(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isUniqueViolation(error, organizationGroupNameIndex)) throw error;
    throw new DomainError('DUPLICATE_NAME', 'The provider has a group of this name already. Choose another name.', [
      'name',
    ]);
  }
}

function record(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  { rootProviderId, providerPath, organizationId, id: target }: OrganizationGroup,
  states: Change,
): Promise<void> {
  const subject = { rootProviderId, providerPath, organizationId };
  return recordAudit(tx, ctx, { action, subject, target, result: 'OK', ...states, note: null });
}

/** A trail is to be read: of very many, the first are named. */
function namesOf(added: readonly string[], removed: readonly string[]): AuditState {
  const names = (ids: readonly string[]) => ids.slice(0, MOST_NAMED);
  const counts = { addedCount: added.length, removedCount: removed.length };
  return { added: names(added), removed: names(removed), ...counts };
}

/** @param members by hand; a filter has as many as it finds */
function stateOf(group: OrganizationGroup, members: number): AuditState {
  const { name, filter } = group;
  if (filter === null) return { name, kind: kindOf(group), organizationCount: members };
  const search = filter.search === null ? null : withoutKeys(filter.search);
  return { name, kind: kindOf(group), filter: JSON.stringify({ ...filter, search }) };
}

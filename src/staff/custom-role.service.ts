import type { AuditAction, AuditState } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import { parseBundle, requireMayGrant, requireMayManage } from '../identity/grant.ts';
import { knownPermissions, mostOf, type Permission } from '../identity/permissions.ts';
import { type CustomRoleRef, newId, type ServiceProviderRef } from '../ids.ts';
import { parseLine } from '../text.ts';
import {
  customRoleNameIndex,
  deleteCustomRoleRow,
  findCustomRole,
  insertCustomRole,
  lockCustomRole,
  updateCustomRoleRow,
} from './custom-role.repository.ts';
import { type CustomRole, grantOfCustomRole, LONGEST_ROLE_NAME } from './custom-role.ts';
import { findProviderToManage, lookUpPlace } from './find-place.ts';
import {
  changePermissionsOfHolders,
  lockRoleHolders,
  type RoleHolder,
  renameRoleOfHolders,
} from './role-holder.repository.ts';

export interface CreateCustomRole {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly idempotencyKey: string | null;
}

/** Never stronger than who makes it. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME` */
export async function createCustomRole(ctx: RequestContext, input: CreateCustomRole): Promise<CustomRoleRef> {
  const { serviceProvider, idempotencyKey } = input;
  const command = {
    action: 'custom_role.create' as const,
    input: { ...input },
    idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: (tx: Tx) => lookUpPlace(tx, { serviceProvider: serviceProvider ?? 'UNKNOWN', organization: null }),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const provider = await findProviderToManage(ctx, tx, serviceProvider);
    const role: CustomRole = {
      rootProviderId: provider.rootProviderId,
      id: newId<'CustomRole'>(),
      providerId: provider.id,
      providerPath: provider.providerPath,
      organizationId: null,
      name: parseLine('name', input.name, LONGEST_ROLE_NAME),
      permissions: bundleToGrant(ctx, input.permissions),
      createdAt: ctx.now,
    };
    await uniquely(insertCustomRole(tx, role));
    await record(tx, ctx, command.action, null, role);
    return refOf(role);
  });
  return answer;
}

export interface CustomRoleInput {
  /** Null: an id that names nothing. */
  readonly customRole: CustomRoleRef | null;
  readonly idempotencyKey: string | null;
}

export interface UpdateCustomRole extends CustomRoleInput {
  /** Null: stays. */
  readonly name: string | null;
  readonly permissions: readonly string[] | null;
}

/**
 * Whoever has it has the new bundle at once; when that is another one than before, their sessions end.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME`
 */
export function updateCustomRole(ctx: RequestContext, input: UpdateCustomRole): Promise<CustomRoleRef> {
  const { name, permissions } = input;
  return runRoleCommand(ctx, 'custom_role.update', input, { name, permissions }, async (tx, role, holders) => {
    if (holders.some(({ id }) => id === ctx.actor.id)) {
      throw new DomainError('FORBIDDEN', 'This is your own role. Ask somebody else who manages staff to change it.');
    }
    const next = {
      ...role,
      name: name === null ? role.name : parseLine('name', name, LONGEST_ROLE_NAME),
      permissions: permissions === null ? role.permissions : bundleToGrant(ctx, permissions),
    };
    requireFitForHolders(next, holders);
    await uniquely(updateCustomRoleRow(tx, next));
    await renameRoleOfHolders(tx, next);
    if (!isSameBundle(role, next)) await changePermissionsOfHolders(tx, next, holders);
    return next;
  });
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ROLE_IN_USE` */
export function deleteCustomRole(ctx: RequestContext, input: CustomRoleInput): Promise<CustomRoleRef> {
  return runRoleCommand(ctx, 'custom_role.delete', input, {}, async (tx, role, holders) => {
    if (holders.length > 0) {
      const message = 'Somebody has this role. Give them another one first, also those who are deactivated.';
      throw new DomainError('ROLE_IN_USE', message, ['customRoleId']);
    }
    await deleteCustomRoleRow(tx, role);
    return null;
  });
}

async function runRoleCommand(
  ctx: RequestContext,
  action: AuditAction,
  { customRole, idempotencyKey }: CustomRoleInput,
  given: Readonly<Record<string, unknown>>,
  change: (tx: Tx, role: CustomRole, holders: readonly RoleHolder[]) => Promise<CustomRole | null>,
): Promise<CustomRoleRef> {
  const find = async (tx: Tx) => (customRole === null ? null : findCustomRole(tx, customRole));
  const target = customRole?.customRoleId ?? null;
  const command = { action, input: { customRole, ...given }, idempotencyKey, target, locate: find };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const locked = customRole === null ? null : await lockCustomRole(tx, customRole);
    const role = authorize(ctx.actor, 'staff:manage', locked, 'customRoleId');
    requireMayManage(ctx.actor, grantOfCustomRole(role));
    const holders = await lockRoleHolders(tx, role);
    await record(tx, ctx, action, role, await change(tx, role, holders));
    return refOf(role);
  });
  return answer;
}

function bundleToGrant(ctx: RequestContext, names: readonly string[]): readonly Permission[] {
  const permissions = parseBundle('permissions', names);
  requireMayGrant(ctx.actor, { role: null, permissions });
  return [...permissions];
}

function requireFitForHolders({ permissions }: CustomRole, holders: readonly RoleHolder[]): void {
  if (!holders.some(({ organizationId }) => organizationId !== null)) return;
  if (knownPermissions(permissions).isSubsetOf(mostOf('ORGANIZATION'))) return;
  const message = 'People of organizations have this role, and cannot hold all of this. Make another role for staff.';
  throw validationFailed('permissions', message);
}

function isSameBundle(one: CustomRole, other: CustomRole): boolean {
  return new Set(one.permissions).symmetricDifference(new Set(other.permissions)).size === 0;
}

async function uniquely(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isUniqueViolation(error, customRoleNameIndex)) throw error;
    throw new DomainError('DUPLICATE_NAME', 'The provider has a role of this name already. Choose another name.', [
      'name',
    ]);
  }
}

function record(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  before: CustomRole | null,
  after: CustomRole | null,
): Promise<void> {
  const role = after ?? before;
  if (role === null) throw new Error('a command on a role has one');
  const { rootProviderId, providerPath, organizationId, id: target } = role;
  const subject = { rootProviderId, providerPath, organizationId };
  const states = { before: stateOf(before), after: stateOf(after) };
  return recordAudit(tx, ctx, { action, subject, target, result: 'OK', ...states, note: null });
}

function stateOf(role: CustomRole | null): AuditState | null {
  return role === null ? null : { name: role.name, permissions: role.permissions };
}

function refOf({ rootProviderId, id }: CustomRole): CustomRoleRef {
  return { rootProviderId, customRoleId: id };
}

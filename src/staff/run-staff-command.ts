import type { AuditAction, AuditState } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type Outcome, runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight, type Scope } from '../database/scope.ts';
import { DomainError, notFound, validationFailed } from '../errors.ts';
import { requirePermission } from '../identity/authorize.ts';
import { requireMayManage } from '../identity/grant.ts';
import type { ServiceProviderId, StaffMemberId } from '../ids.ts';
import { findStaffMember } from './staff-member.repository.ts';
import { grantOfStaffRole, nameOfStaffRole, permissionsOfStaffRole, type StaffMember } from './staff-member.ts';
import {
  deleteSessionsOf,
  lockPlatformAdmins,
  lockStaffMember,
  updateStaffMemberRow,
} from './staff-member-change.repository.ts';

export interface StaffCommandInput {
  /** Null: an id that names nobody. */
  readonly staffMemberId: StaffMemberId | null;
  readonly idempotencyKey: string | null;
}

export interface StaffCommand {
  readonly action: AuditAction;
  /** All that the caller gave besides. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Whether somebody may do it to themselves: in any case, with the permission that others need, or not at all. */
  readonly oneself: 'FREE' | 'LIKE_OTHERS' | 'REFUSED';
}

const NOT_ONESELF = 'Nobody does this to themselves. Ask somebody else who manages staff.';

/** Authorize, lock, decide, write, audit: the one way in which a person who is there already is changed. */
export function runStaffCommand(
  ctx: RequestContext,
  input: StaffCommandInput,
  { action, given, oneself }: StaffCommand,
  change: (tx: Tx, member: StaffMember) => Promise<StaffMember | null>,
): Promise<Outcome<StaffMemberId>> {
  const { staffMemberId, idempotencyKey } = input;
  const find = async (tx: Tx) =>
    staffMemberId === null ? null : findStaffMember(tx, rootOf(ctx.actor.scope), staffMemberId);
  const command = { action, input: { staffMemberId, ...given }, idempotencyKey, target: staffMemberId, locate: find };
  return runCommand(ctx, command, async (tx) => {
    const found = await find(tx);
    if (found === null || !inSight(ctx.actor.scope, found)) throw notFound('staffMemberId');
    const isOneself = found.id === ctx.actor.id;
    if (!isOneself || oneself !== 'FREE') requirePermission(ctx.actor, 'staff:manage');
    if (isOneself && oneself === 'REFUSED') throw new DomainError('FORBIDDEN', NOT_ONESELF);
    const member = await lockStaffMember(tx, found.rootProviderId, found.id);
    if (member === null) throw notFound('staffMemberId');
    requireMayManage(ctx.actor, grantOfStaffRole(member));
    await recordStaffChange(tx, ctx, action, member, await change(tx, member));
    return member.id;
  });
}

/** Within which root people are looked for; null for the platform, which sees them all. */
export function rootOf(scope: Scope): ServiceProviderId | null {
  return 'rootProviderId' in scope ? scope.rootProviderId : null;
}

/** @param after null: they are gone */
export function recordStaffChange(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  before: StaffMember,
  after: StaffMember | null,
): Promise<void> {
  const { rootProviderId, providerPath, organizationId } = before;
  return recordAudit(tx, ctx, {
    action,
    subject: { rootProviderId, providerPath, organizationId },
    target: before.id,
    result: 'OK',
    before: staffState(before),
    after: after === null ? null : staffState(after),
    note: null,
  });
}

/** A person as the audit trail shows them. */
export function staffState(member: StaffMember): AuditState {
  return {
    username: member.username,
    displayName: member.displayName,
    role: nameOfStaffRole(member),
    permissions: [...permissionsOfStaffRole(member)],
    isActive: member.deactivatedAt === null,
    mustChangePassword: member.passwordMustChange,
  };
}

/** Writes what became of a locked member and ends every session of theirs, tokens included. @returns them as they are now */
export async function writeAndEndSessions(tx: Tx, before: StaffMember, after: StaffMember): Promise<StaffMember> {
  const changed = { ...after, sessionEpoch: before.sessionEpoch + 1 };
  await updateStaffMemberRow(tx, before, changed);
  await deleteSessionsOf(tx, before);
  return changed;
}

/** Somebody must be left who can let others in. @throws DomainError `FORBIDDEN` */
export async function keepOnePlatformAdmin(tx: Tx, member: StaffMember): Promise<void> {
  if (member.role !== 'PLATFORM_ADMIN' || member.deactivatedAt !== null) return;
  const others = (await lockPlatformAdmins(tx)).filter((id) => id !== member.id);
  if (others.length > 0) return;
  const message = 'This is the last active PLATFORM_ADMIN. Make somebody else one first.';
  throw new DomainError('FORBIDDEN', message);
}

/** @throws DomainError `VALIDATION_FAILED` of somebody who signs in at a trusted issuer */
export function requirePasswordHere(member: StaffMember, field: string, reason: string): void {
  if (member.trustedIssuerId === null) return;
  throw validationFailed(field, `This person signs in at a trusted issuer. ${reason} Change it there.`);
}

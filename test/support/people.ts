import { randomBytes } from 'node:crypto';
import type { AuditAction } from '../../src/audit/audit-event.ts';
import type { RequestContext } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Permission } from '../../src/identity/permissions.ts';
import type { CustomRoleRef, OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { type CreateStaffMember, createStaffMember } from '../../src/staff/create-staff-member.service.ts';
import { createCustomRole } from '../../src/staff/custom-role.service.ts';
import type { StaffCommandInput } from '../../src/staff/run-staff-command.ts';
import { actorOf } from '../../src/staff/staff-actor.ts';
import { findStaffMember } from '../../src/staff/staff-member.repository.ts';
import {
  deactivateStaffMember,
  endStaffSessions,
  reactivateStaffMember,
  removeStaffMember,
  updateStaffMember,
} from '../../src/staff/staff-member.service.ts';
import type { StaffMember } from '../../src/staff/staff-member.ts';
import { resetStaffPassword } from '../../src/staff/staff-password.service.ts';
import { uniqueName } from './fixtures.ts';
import type { TestInstallation } from './test-installation.ts';

type Installation = Pick<TestInstallation, 'services'>;

/** Somebody new with whatever is not said of them; at the platform unless a place is given. */
export function newcomer(more: Partial<CreateStaffMember> = {}): CreateStaffMember {
  return {
    username: `newcomer.${randomBytes(6).toString('hex')}@keyward.test`,
    displayName: 'Newcomer',
    serviceProvider: null,
    organization: null,
    role: null,
    customRole: null,
    password: null,
    idempotencyKey: null,
    ...more,
  };
}

/** As they are kept. */
export async function readStaff({ services }: Installation, id: StaffMember['id']): Promise<StaffMember> {
  const found = await services.database.read(PLATFORM_SCOPE, (tx) => findStaffMember(tx, null, id));
  if (found === null) throw new Error('nobody has this id');
  return found;
}

export function makeRole(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef,
  permissions: readonly Permission[],
): Promise<CustomRoleRef> {
  return createCustomRole(ctx, { serviceProvider, name: uniqueName('Role'), permissions, idempotencyKey: null });
}

/** Somebody new who has that role, and may act at once. */
export async function createHolder(
  installation: Installation,
  ctx: RequestContext,
  place: { serviceProvider: ServiceProviderRef } | { organization: OrganizationRef },
  customRole: CustomRoleRef,
) {
  const { staffMemberId } = await createStaffMember(ctx, newcomer({ ...place, customRole }));
  const member = await readStaff(installation, staffMemberId);
  return { member, actor: actorOf(member) };
}

type Change = ((ctx: RequestContext, staffMemberId: StaffMember['id'] | null) => Promise<unknown>) & {
  readonly action: AuditAction;
};

function change(action: AuditAction, run: (ctx: RequestContext, input: StaffCommandInput) => Promise<unknown>): Change {
  const call = (ctx: RequestContext, staffMemberId: StaffMember['id'] | null) =>
    run(ctx, { staffMemberId, idempotencyKey: null });
  return Object.assign(call, { action });
}

const unchanged = { displayName: null, role: null, customRole: null };

/** Whatever is done to a person, by a name of its own. */
export const staffChanges = {
  deactivate: change('staff_member.deactivate', deactivateStaffMember),
  reactivate: change('staff_member.reactivate', reactivateStaffMember),
  remove: change('staff_member.remove', removeStaffMember),
  endSessions: change('staff_member.end_sessions', endStaffSessions),
  reset: change('staff_member.reset_password', (ctx, input) => resetStaffPassword(ctx, { ...input, password: null })),
  rename: change('staff_member.update', (ctx, input) =>
    updateStaffMember(ctx, { ...input, ...unchanged, displayName: 'Another name' }),
  ),
  demote: change('staff_member.update', (ctx, input) =>
    updateStaffMember(ctx, { ...input, ...unchanged, role: 'PLATFORM_SUPPORT' }),
  ),
};
export type StaffChange = keyof typeof staffChanges;

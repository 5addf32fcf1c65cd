import { type Actor, authorityAt, homeOf, scopeOf } from '../identity/actor.ts';
import { nameOfStaffRole, permissionsOfStaffRole, type StaffMember } from './staff-member.ts';

/** What a staff member may do, and where. */
export function actorOf(member: StaffMember): Actor {
  return {
    id: member.id,
    displayName: member.displayName,
    role: nameOfStaffRole(member),
    authority: authorityAt(member),
    permissions: permissionsOfStaffRole(member),
    scope: scopeOf(member),
    home: homeOf(member),
    onBehalfOf: null,
  };
}

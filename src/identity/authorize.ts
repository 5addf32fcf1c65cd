import { inSight, type Scope, type TenantRow } from '../database/scope.ts';
import { DomainError, notFound } from '../errors.ts';
import type { Actor } from './actor.ts';
import type { Permission } from './permissions.ts';

/** @throws DomainError `FORBIDDEN` */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new DomainError('FORBIDDEN', `This needs the permission ${permission}. Ask somebody who manages staff for it.`);
}

/** What outlasts a delegation is not done under it. @throws DomainError `FORBIDDEN` */
export function refuseBorrower({ onBehalfOf }: Pick<Actor, 'onBehalfOf'>): void {
  if (onBehalfOf === null) return;
  throw new DomainError('FORBIDDEN', 'A delegation ends, and this would outlast it. Ask the provider to do it.');
}

/**
 * The target of a command, once it is known to exist for this actor and to be theirs to act on.
 * @param field input field that named the target
 * @throws DomainError `NOT_FOUND` when it is missing or out of sight, alike; `FORBIDDEN` when it is seen but not to be touched
 */
export function authorize<Target extends TenantRow>(
  actor: Actor,
  permission: Permission,
  target: Target | null,
  field: string,
  sees: (scope: Scope, target: Target) => boolean = inSight,
): Target {
  if (target === null || !sees(actor.scope, target)) throw notFound(field);
  requirePermission(actor, permission);
  return target;
}

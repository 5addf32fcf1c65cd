import { type Actor, authorityAt, homeOf, scopeOf } from '../identity/actor.ts';
import { knownPermissions, type Permission } from '../identity/permissions.ts';
import type { ServiceAccount } from './service-account.ts';

/** What a service account may do, and where. @param granted no more than these of its permissions; null: all of them */
export function actorOfServiceAccount(account: ServiceAccount, granted: readonly Permission[] | null = null): Actor {
  const held = knownPermissions(account.permissions);
  return {
    id: account.id,
    displayName: account.name,
    role: 'SERVICE_ACCOUNT',
    authority: authorityAt(account),
    permissions: granted === null ? held : held.intersection(new Set(granted)),
    scope: scopeOf(account),
    home: homeOf(account),
    onBehalfOf: null,
  };
}

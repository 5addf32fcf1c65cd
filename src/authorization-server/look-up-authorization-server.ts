import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import type { AuthorizationServerRef } from '../ids.ts';
import { findAuthorizationServer } from './authorization-server.repository.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/** Null when it does not exist, is out of sight, or the caller does not see keys. */
export async function lookUpAuthorizationServer(
  ctx: RequestContext,
  ref: AuthorizationServerRef,
): Promise<AuthorizationServer | null> {
  const { actor, database } = ctx;
  if (!actor.permissions.has('apiKey:view')) return null;
  const found = await database.read(actor.scope, (tx) => findAuthorizationServer(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}

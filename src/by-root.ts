import type { ServiceProviderId } from './ids.ts';

/**
 * By root provider, in the order that all have who lock many. Each root gets a statement of its own: a distributed PostgreSQL
 * takes row locks only where one tenant is named.
 */
export function byRoot<Ref extends { readonly rootProviderId: ServiceProviderId }>(
  refs: readonly Ref[],
): (readonly [ServiceProviderId, readonly Ref[]])[] {
  return [...Map.groupBy(refs, ({ rootProviderId }) => rootProviderId)].sort(([a], [b]) => (a < b ? -1 : 1));
}

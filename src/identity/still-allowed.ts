import type { Actor } from './actor.ts';
import { requirePermission } from './authorize.ts';
import type { Permission } from './permissions.ts';

/** How long a caller is believed to be who they were. */
const BELIEVED_FOR_MS = 1000;

/**
 * For what goes on for long after the caller was let in: asks again who they are, now and then.
 * @param authenticate fails when the caller is signed out
 * @returns a function that fails when the caller is signed out or has lost the permission
 */
export function stillAllowed(
  authenticate: () => Promise<{ readonly actor: Actor }>,
  permission: Permission,
): () => Promise<void> {
  let believedSince = performance.now();
  return async () => {
    if (performance.now() - believedSince < BELIEVED_FOR_MS) return;
    requirePermission((await authenticate()).actor, permission);
    believedSince = performance.now();
  };
}

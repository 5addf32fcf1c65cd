import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';

export type KeysOf = (subject: Pick<TenantRow, 'rootProviderId'>) => TenantKeys;

/** The keys of these root providers, at hand without waiting. */
export async function loadKeys(keyRing: KeyRing, tx: Tx, roots: Iterable<ServiceProviderId>): Promise<KeysOf> {
  const keys = new Map<ServiceProviderId, TenantKeys>();
  for (const root of new Set(roots)) keys.set(root, await keyRing.of(tx, root));
  return ({ rootProviderId }) => {
    const found = keys.get(rootProviderId);
    if (found === undefined) throw new Error(`the keys of root provider ${rootProviderId} were not loaded`);
    return found;
  };
}

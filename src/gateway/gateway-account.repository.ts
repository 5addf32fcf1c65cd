import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { AccountRef } from './gateway-request.ts';

export interface HeldPermissions extends AccountRef {
  readonly permissions: readonly string[];
}

const findHeld = statement<HeldPermissions>(
  'gateway.find_held_permissions',
  `select a.root_provider_id as "rootProviderId", a.id as "serviceAccountId", s.id as "secretId", a.permissions
   from unnest($1::uuid[], $2::uuid[], $3::uuid[]) w (root_provider_id, id, secret_id)
   join service_account a on a.root_provider_id = w.root_provider_id and a.id = w.id
   join service_account_secret s on s.root_provider_id = w.root_provider_id and s.id = w.secret_id
     and s.service_account_id = a.id
   where a.revoked_at is null`,
);

/** What each may do; accounts that are revoked, or have that secret no longer, are not among them. */
export function findHeldPermissions(tx: Tx, refs: readonly AccountRef[]): Promise<HeldPermissions[]> {
  return tx.rows(findHeld, [
    refs.map((ref) => ref.rootProviderId),
    refs.map((ref) => ref.serviceAccountId),
    refs.map((ref) => ref.secretId),
  ]);
}

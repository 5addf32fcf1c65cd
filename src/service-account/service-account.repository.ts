import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ServiceAccountId, ServiceAccountSecretId, ServiceProviderId } from '../ids.ts';
import { fold } from '../text.ts';
import { serviceAccountColumns } from './service-account.sql.ts';
import type { ServiceAccount, ServiceAccountRef } from './service-account.ts';

/** An actor's global id tells no root: it is the caller's own; null: whichever, for the platform. */
function rootOf(scope: Scope): ServiceProviderId | null {
  if (scope.level === 'PROVIDER' || scope.level === 'ORGANIZATION') return scope.rootProviderId;
  if (scope.level === 'PLATFORM') return null;
  throw new Error('this scope finds no service accounts by id');
}

const findMany = statement<ServiceAccount>(
  'service_account.find_many',
  `select ${serviceAccountColumns} from service_account a
   where ($1::uuid is null or a.root_provider_id = $1) and a.id = any ($2::uuid[])`,
);

/** By id alone, among those that the scope may see. */
export function findServiceAccounts(tx: Tx, scope: Scope, ids: readonly ServiceAccountId[]): Promise<ServiceAccount[]> {
  return tx.rows(findMany, [rootOf(scope), ids]);
}

const find = statement<ServiceAccount>(
  'service_account.find',
  `select ${serviceAccountColumns} from service_account a where a.root_provider_id = $1 and a.id = $2`,
);

export function findServiceAccount(tx: Tx, ref: ServiceAccountRef): Promise<ServiceAccount | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.serviceAccountId]);
}

const findBySecret = statement<ServiceAccount>(
  'service_account.find_by_secret',
  `select ${serviceAccountColumns} from service_account a
   join service_account_secret s on s.root_provider_id = a.root_provider_id and s.service_account_id = a.id
   where a.root_provider_id = $1 and a.id = $2 and s.root_provider_id = $1 and s.id = $3`,
);

/** Null also when it has that secret no longer. */
export function findServiceAccountBySecret(
  tx: Tx,
  ref: ServiceAccountRef & { readonly secretId: ServiceAccountSecretId },
): Promise<ServiceAccount | null> {
  return tx.rowOrNull(findBySecret, [ref.rootProviderId, ref.serviceAccountId, ref.secretId]);
}

const lock = statement<ServiceAccount>(
  'service_account.lock',
  `select ${serviceAccountColumns} from service_account a where a.root_provider_id = $1 and a.id = $2 for update`,
);

/** Whatever changes its secrets holds this lock. */
export function lockServiceAccount(tx: Tx, ref: ServiceAccountRef): Promise<ServiceAccount | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.serviceAccountId]);
}

const insert = statement<never>(
  'service_account.insert',
  `insert into service_account (root_provider_id, id, provider_id, provider_path, organization_id, name, name_folded,
     permissions, created_at, created_by_id, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export async function insertServiceAccount(tx: Tx, account: ServiceAccount): Promise<void> {
  await tx.count(insert, [
    account.rootProviderId,
    account.id,
    account.providerId,
    account.providerPath,
    account.organizationId,
    account.name,
    fold(account.name),
    account.permissions,
    account.createdAt,
    account.createdById,
    account.createdByName,
  ]);
}

const revoke = statement<never>(
  'service_account.revoke',
  'update service_account set revoked_at = $3 where root_provider_id = $1 and id = $2 and revoked_at is null',
);

/** @returns false when it was revoked before */
export async function writeRevocation(tx: Tx, account: ServiceAccount, now: Date): Promise<boolean> {
  return (await tx.count(revoke, [account.rootProviderId, account.id, now])) === 1;
}

const touch = statement<never>(
  'service_account.touch',
  `update service_account set last_used_at = $3, last_used_address = $4 where root_provider_id = $1 and id = $2
     and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute' or last_used_address is distinct from $4)`,
);

/** Written once a minute at most, as long as the address stays. */
export async function writeLastUse(
  tx: Tx,
  account: ServiceAccount,
  use: { readonly at: Date; readonly address: string | null },
): Promise<void> {
  await tx.count(touch, [account.rootProviderId, account.id, use.at, use.address]);
}

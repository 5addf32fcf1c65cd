import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceAccountId, ServiceAccountSecretId } from '../ids.ts';
import type {
  ServiceAccount,
  ServiceAccountRef,
  ServiceAccountSecret,
  ServiceAccountSecretRef,
} from './service-account.ts';

const secretColumns = `s.root_provider_id as "rootProviderId", s.id, s.service_account_id as "serviceAccountId",
  s.created_at as "createdAt", s.last_used_at as "lastUsedAt"`;

const list = statement<ServiceAccountSecret>(
  'service_account_secret.list',
  `select ${secretColumns} from service_account_secret s
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, service_account_id)
     on s.root_provider_id = wanted.root_provider_id and s.service_account_id = wanted.service_account_id
   order by s.created_at, s.id`,
);

/** Of each of the accounts, the oldest first. */
export function listSecrets(tx: Tx, accounts: readonly ServiceAccount[]): Promise<ServiceAccountSecret[]> {
  return tx.rows(list, [accounts.map((account) => account.rootProviderId), accounts.map((account) => account.id)]);
}

/** A secret as it is kept. */
export interface SecretHash {
  readonly id: ServiceAccountSecretId;
  readonly hash: Buffer;
}

const listHashes = statement<SecretHash>(
  'service_account_secret.list_hashes',
  'select s.id, s.hash from service_account_secret s where s.root_provider_id = $1 and s.service_account_id = $2',
);

export function listSecretHashes(tx: Tx, ref: ServiceAccountRef): Promise<SecretHash[]> {
  return tx.rows(listHashes, [ref.rootProviderId, ref.serviceAccountId]);
}

const findAccount = statement<{ serviceAccountId: ServiceAccountId }>(
  'service_account_secret.find_account',
  `select s.service_account_id as "serviceAccountId" from service_account_secret s
   where s.root_provider_id = $1 and s.id = $2`,
);

/** Whose secret it is. */
export async function findAccountOfSecret(tx: Tx, ref: ServiceAccountSecretRef): Promise<ServiceAccountRef | null> {
  const found = await tx.rowOrNull(findAccount, [ref.rootProviderId, ref.secretId]);
  return found === null ? null : { rootProviderId: ref.rootProviderId, serviceAccountId: found.serviceAccountId };
}

const insert = statement<never>(
  'service_account_secret.insert',
  `insert into service_account_secret (root_provider_id, id, service_account_id, provider_path, organization_id, hash, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);

export async function insertSecret(tx: Tx, account: ServiceAccount, secret: SecretHash, now: Date): Promise<void> {
  const { rootProviderId, id, providerPath, organizationId } = account;
  await tx.count(insert, [rootProviderId, secret.id, id, providerPath, organizationId, secret.hash, now]);
}

const remove = statement<never>(
  'service_account_secret.delete',
  'delete from service_account_secret where root_provider_id = $1 and id = $2',
);

/** @returns false when it was gone before */
export async function deleteSecret(tx: Tx, ref: ServiceAccountSecretRef): Promise<boolean> {
  return (await tx.count(remove, [ref.rootProviderId, ref.secretId])) === 1;
}

const removeAll = statement<never>(
  'service_account_secret.delete_all',
  'delete from service_account_secret where root_provider_id = $1 and service_account_id = $2',
);

export async function deleteSecretsOf(tx: Tx, account: ServiceAccount): Promise<void> {
  await tx.count(removeAll, [account.rootProviderId, account.id]);
}

const touch = statement<never>(
  'service_account_secret.touch',
  `update service_account_secret set last_used_at = $3 where root_provider_id = $1 and id = $2
     and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute')`,
);

/** Written once a minute at most. */
export async function writeLastUseOfSecret(tx: Tx, ref: ServiceAccountSecretRef, at: Date): Promise<void> {
  await tx.count(touch, [ref.rootProviderId, ref.secretId, at]);
}

import { slotSource } from '../api-key/api-key.sql.ts';
import { dueAtSql } from '../api-key/key-age.sql.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationId, RotationPolicyId, RotationPolicyRef } from '../ids.ts';
import { isEditable, isRegenerable } from './due-key.sql.ts';
import type { RotationPolicy } from './rotation-policy.ts';

/** $1 to $3: the policy, at its version; $4: now. */
const isHeld = `k.root_provider_id = $1 and k.rotation_policy_id = $2 and k.rotation_policy_version = $3 and k.kind = 'CLOUD_SERVICE'`;
const isDue = `${isHeld} and k.last_modified_at <= $4::timestamptz - k.rotation_after_days * interval '24 hours'
  and ${dueAtSql} <= $4`;
/** Another slot that the same policy holds for has the same string. */
const isShared = `exists (select from api_key other where other.root_provider_id = k.root_provider_id
  and other.fingerprint = k.fingerprint and other.organization_id <> k.organization_id and other.kind = k.kind
  and other.rotation_policy_id = k.rotation_policy_id)`;

const findWork = statement<{ id: RotationPolicyId }>(
  'rotation.find_policies_with_work',
  `select p.id from unnest($1::uuid[], $2::uuid[], $3::int[]) as p (root_provider_id, id, version)
   where exists (select from ${slotSource}
     where k.root_provider_id = p.root_provider_id and k.rotation_policy_id = p.id and k.rotation_policy_version = p.version
       and k.kind = 'CLOUD_SERVICE' and k.last_modified_at <= $4::timestamptz - k.rotation_after_days * interval '24 hours'
       and ${dueAtSql} <= $4 and ${isEditable('$4')})`,
);

/** Those that hold for a key which is due. Needs the scope of the platform. */
export async function findPoliciesWithWork(
  tx: Tx,
  policies: readonly RotationPolicy[],
  now: Date,
): Promise<ReadonlySet<RotationPolicyId>> {
  const rows = await tx.rows(findWork, [
    policies.map(({ rootProviderId }) => rootProviderId),
    policies.map(({ id }) => id),
    policies.map(({ version }) => version),
    now,
  ]);
  return new Set(rows.map(({ id }) => id));
}

const isRunning = statement<{ isRunning: boolean }>(
  'rotation.has_operation_under_way',
  `select exists (select from bulk_operation where root_provider_id = $1 and rotation_policy_id = $2
     and finished_at is null) as "isRunning"`,
);

export async function hasOperationUnderWay(tx: Tx, ref: RotationPolicyRef): Promise<boolean> {
  return (await tx.row(isRunning, [ref.rootProviderId, ref.rotationPolicyId])).isRunning;
}

const insertItems = (condition: string) =>
  `insert into bulk_item (root_provider_id, operation_id, position, provider_path, organization_id)
   select d.root_provider_id, $5, row_number() over (order by d.root_provider_id, d.organization_id), d.provider_path,
     d.organization_id
   from (select k.root_provider_id, k.provider_path, k.organization_id from ${slotSource} where ${condition}
     order by k.root_provider_id, k.organization_id limit $6) d`;

const insertEach = statement<never>(
  'rotation.insert_items_of_each',
  insertItems(`${isDue} and ${isRegenerable('$4::timestamptz')} and not ($7 and ${isShared})`),
);

/** Those that are due and that a command would take, one by one: under a policy for shared strings no shared ones. */
export function insertItemsOfEach(
  tx: Tx,
  { rootProviderId, id, version, sharedString }: RotationPolicy,
  operation: BulkOperationId,
  now: Date,
  most: number,
): Promise<number> {
  return tx.count(insertEach, [rootProviderId, id, version, now, operation, most, sharedString]);
}

const findShared = statement<{ fingerprint: Buffer }>(
  'rotation.find_due_shared_strings',
  `select distinct k.fingerprint from ${slotSource} where ${isDue} and ${isEditable('$4::timestamptz')} and ${isShared} limit $5`,
);

/** Shared strings of which one that is held is due. */
export async function findDueSharedStrings(
  tx: Tx,
  { rootProviderId, id, version }: RotationPolicy,
  now: Date,
  most: number,
): Promise<Buffer[]> {
  return (await tx.rows(findShared, [rootProviderId, id, version, now, most])).map(({ fingerprint }) => fingerprint);
}

const insertSharing = statement<never>(
  'rotation.insert_items_of_sharing',
  insertItems(`${isHeld} and k.fingerprint = $7 and ${isEditable('$4::timestamptz')}`),
);

/** All that the policy holds for and that have the string, due or not, disabled or not: none is left behind on it. */
export function insertItemsOfSharing(
  tx: Tx,
  { rootProviderId, id, version }: RotationPolicy,
  operation: BulkOperationId,
  now: Date,
  most: number,
  fingerprint: Buffer,
): Promise<number> {
  return tx.count(insertSharing, [rootProviderId, id, version, now, operation, most, fingerprint]);
}

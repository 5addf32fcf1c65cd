import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { ofProviders } from '../fleet/conditions.sql.ts';
import type { RotationPolicyRef, ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import type { RotationPolicy } from './rotation-policy.ts';

const columns = `r.root_provider_id as "rootProviderId", r.id, r.provider_id as "providerId",
  r.provider_path as "providerPath", null as "organizationId", r.group_id as "groupId",
  r.organization_id as "ofOrganizationId", r.name, r.maximum_age_days as "maximumAgeDays", r.mode,
  r.window_days as "windowDays", r.window_from_hour as "windowFromHour", r.window_to_hour as "windowToHour",
  r.time_zone as "timeZone", r.notice_days as "noticeDays", r.shared_string as "sharedString",
  r.overlap_minutes as "overlapMinutes", r.overlap_grace_minutes as "overlapGraceMinutes", r.enabled as "isEnabled",
  r.version, r.created_at as "createdAt", r.created_by_name as "createdByName"`;

interface Row extends Omit<RotationPolicy, 'window'> {
  readonly windowDays: number[];
  readonly windowFromHour: number;
  readonly windowToHour: number;
  readonly timeZone: string;
}

function toPolicy({ windowDays: days, windowFromHour, windowToHour, timeZone, ...row }: Row): RotationPolicy {
  return { ...row, window: { days, fromHour: windowFromHour, toHour: windowToHour, timeZone } };
}

const one = `select ${columns} from rotation_policy r where r.root_provider_id = $1 and r.id = $2`;
const find = statement<Row>('rotation_policy.find', one);
const lock = statement<Row>('rotation_policy.lock', `${one} for update`);
const tryLock = statement<Row>('rotation_policy.try_lock', `${one} for update skip locked`);

export async function findRotationPolicy(tx: Tx, ref: RotationPolicyRef): Promise<RotationPolicy | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.rotationPolicyId]);
  return row === null ? null : toPolicy(row);
}

export async function lockRotationPolicy(tx: Tx, ref: RotationPolicyRef): Promise<RotationPolicy | null> {
  const row = await tx.rowOrNull(lock, [ref.rootProviderId, ref.rotationPolicyId]);
  return row === null ? null : toPolicy(row);
}

/** Null also while somebody else has it: they do the same, or change it. */
export async function tryLockRotationPolicy(tx: Tx, ref: RotationPolicyRef): Promise<RotationPolicy | null> {
  const row = await tx.rowOrNull(tryLock, [ref.rootProviderId, ref.rotationPolicyId]);
  return row === null ? null : toPolicy(row);
}

const findMany = statement<Row>(
  'rotation_policy.find_many',
  `select ${columns} from rotation_policy r
   join (select distinct * from unnest($1::uuid[], $2::uuid[])) wanted (root_provider_id, id)
     on r.root_provider_id = wanted.root_provider_id and r.id = wanted.id`,
);

export async function findRotationPolicies(tx: Tx, refs: readonly RotationPolicyRef[]): Promise<RotationPolicy[]> {
  const ids = [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.rotationPolicyId)];
  return (await tx.rows(findMany, ids)).map(toPolicy);
}

const findEnabled = statement<Row>(
  'rotation_policy.find_enabled',
  `select ${columns} from rotation_policy r where r.enabled order by r.root_provider_id, r.id`,
);

/** Needs the scope of the platform. */
export async function findEnabledPolicies(tx: Tx): Promise<RotationPolicy[]> {
  return (await tx.rows(findEnabled, [])).map(toPolicy);
}

const ofRoot = statement<Row>(
  'rotation_policy.find_of_root',
  `select ${columns} from rotation_policy r where r.root_provider_id = $1 and r.enabled order by r.id`,
);

export async function findEnabledPoliciesOf(tx: Tx, rootProviderId: ServiceProviderId): Promise<RotationPolicy[]> {
  return (await tx.rows(ofRoot, [rootProviderId])).map(toPolicy);
}

const roots = statement<{ id: ServiceProviderId }>(
  'rotation_policy.find_roots',
  'select distinct root_provider_id as id from rotation_policy order by 1',
);

/** Those that have a policy, enabled or not. Needs the scope of the platform. */
export async function findRootsWithPolicies(tx: Tx): Promise<ServiceProviderId[]> {
  return (await tx.rows(roots, [])).map(({ id }) => id);
}

/** The oldest first, one longer than asked for. */
export async function findRotationPolicyPage(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<RotationPolicy[]> {
  const conditions = ofProviders(scope, serviceProvider, 'r');
  if (after !== null) {
    const write = (at?: string, id?: string) => `(r.created_at, r.id) > (${at}::timestamptz, ${id}::uuid)`;
    conditions.add('a', [after.value, after.id], write);
  }
  const page = statement<Row>(
    `rotation_policy.page_${conditions.code}`,
    `select ${columns} from rotation_policy r where ${conditions.where}
     order by r.created_at, r.id limit $${conditions.values.push(first + 1)}`,
  );
  return (await tx.rows(page, conditions.values)).map(toPolicy);
}

export async function countRotationPolicyRows(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  const conditions = ofProviders(scope, serviceProvider, 'r');
  const count = statement<{ count: number }>(
    `rotation_policy.count_${conditions.code}`,
    `select count(*)::int as count from rotation_policy r where ${conditions.where}`,
  );
  return (await tx.row(count, conditions.values)).count;
}

const countOf = statement<{ count: number }>(
  'rotation_policy.count_of_provider',
  'select count(*)::int as count from rotation_policy where root_provider_id = $1 and provider_id = $2',
);

export async function countPoliciesOf(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  providerId: ServiceProviderId,
): Promise<number> {
  return (await tx.row(countOf, [rootProviderId, providerId])).count;
}

const insert = statement<never>(
  'rotation_policy.insert',
  `insert into rotation_policy (root_provider_id, id, name, maximum_age_days, mode, window_days, window_from_hour,
     window_to_hour, time_zone, notice_days, shared_string, overlap_minutes, overlap_grace_minutes, enabled, version,
     provider_id, provider_path, group_id, organization_id, created_at, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
);

export async function insertRotationPolicy(tx: Tx, policy: RotationPolicy): Promise<void> {
  const { providerId, providerPath, groupId, ofOrganizationId, createdAt, createdByName } = policy;
  const place = [providerId, providerPath, groupId, ofOrganizationId];
  await tx.count(insert, [...valuesOf(policy), ...place, createdAt, createdByName]);
}

const update = statement<never>(
  'rotation_policy.update',
  `update rotation_policy set name = $3, maximum_age_days = $4, mode = $5, window_days = $6, window_from_hour = $7,
     window_to_hour = $8, time_zone = $9, notice_days = $10, shared_string = $11, overlap_minutes = $12,
     overlap_grace_minutes = $13, enabled = $14, version = $15
   where root_provider_id = $1 and id = $2`,
);

/** Of a locked one. */
export async function updateRotationPolicyRow(tx: Tx, policy: RotationPolicy): Promise<void> {
  if ((await tx.count(update, valuesOf(policy))) !== 1) throw new Error('a locked rotation policy is gone');
}

function valuesOf(policy: RotationPolicy): unknown[] {
  const { window } = policy;
  return [
    ...[policy.rootProviderId, policy.id, policy.name, policy.maximumAgeDays, policy.mode],
    ...[window.days, window.fromHour, window.toHour, window.timeZone, policy.noticeDays, policy.sharedString],
    ...[policy.overlapMinutes, policy.overlapGraceMinutes, policy.isEnabled, policy.version],
  ];
}

const remove = statement<never>(
  'rotation_policy.delete',
  'delete from rotation_policy where root_provider_id = $1 and id = $2',
);

export async function deleteRotationPolicyRow(tx: Tx, { rootProviderId, id }: RotationPolicy): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

import type { Place } from '../../../src/identity/actor.ts';
import { newId, type OrganizationRef, type RotationPolicyId } from '../../../src/ids.ts';
import type { TestDatabase } from '../test-database.ts';
import { plainWords, type Words } from './words.ts';

/** One that only tells; that it holds for the organization's keys, and that it has told of one. */
export async function insertRotationPolicy(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<RotationPolicyId> {
  const id = newId<'RotationPolicy'>();
  await database.query(
    `insert into rotation_policy (root_provider_id, id, provider_id, provider_path, name, maximum_age_days, mode, window_days,
       window_from_hour, window_to_hour, time_zone, notice_days, shared_string, overlap_minutes, overlap_grace_minutes, enabled,
       created_at, created_by_name)
     values ($1, $2, $3, $4, $5, 90, 'NOTIFY', '{7}', 1, 5, 'Europe/Berlin', '{14,7}', false, 0, 15, true, now(), $6)`,
    [rootProviderId, id, providerId, providerPath, words('policy'), words('somebody')],
  );
  await database.query(
    `update api_key set rotation_policy_id = $1, rotation_policy_version = 1, rotation_since = now(), rotation_after_days = 90,
       rotation_lead_days = 14, rotation_notice_days = 14, rotation_gap_days = 0
     where organization_id = $2`,
    [id, organizationId],
  );
  await database.query(
    `insert into rotation_notice (root_provider_id, organization_id, kind, key_version, since, lead_days, provider_path, at)
     select k.root_provider_id, k.organization_id, k.kind, 1, now(), 14, k.provider_path, now() from api_key k
     where k.organization_id = $1 and k.kind = 'CLOUD_SERVICE'`,
    [organizationId],
  );
  return id;
}

/** The string of its key works beside another one that is the same, and that was used. */
export async function insertOverlap(database: TestDatabase, { organizationId }: OrganizationRef): Promise<void> {
  await database.query(
    `update api_key set previous_ciphertext = ciphertext, previous_data_key_version = data_key_version,
       previous_key_version = key_version, previous_fingerprint = fingerprint, overlap_version = version,
       overlap_ends_at = now() + interval '1 hour', overlap_grace_minutes = 15, overlap_first_used_at = now()
     where organization_id = $1 and fingerprint is not null`,
    [organizationId],
  );
}

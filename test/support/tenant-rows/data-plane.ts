import { randomBytes } from 'node:crypto';
import type { Place } from '../../../src/identity/actor.ts';
import { type ApiSessionId, type AuthorizationServerId, newId, type StaffMemberId } from '../../../src/ids.ts';
import type { TestDatabase } from '../test-database.ts';
import { plainWords, type Words } from './words.ts';

/** An enabled one. */
export async function insertAuthorizationServer(
  database: TestDatabase,
  { rootProviderId, providerPath, organizationId }: Place,
  words: Words = plainWords,
): Promise<AuthorizationServerId> {
  const id = newId<'AuthorizationServer'>();
  const url = `https://${words('server').replaceAll(' ', '-')}.example`;
  await database.query(
    `insert into authorization_server (root_provider_id, id, organization_id, provider_path, place, name, issuer, jwks_url,
       audience, enabled, created_at, created_by_name)
     values ($1, $2, $3, $4, 1, $5, $6, $6 || '/jwks', $7, true, now(), $8)`,
    [rootProviderId, id, organizationId, providerPath, words('server'), url, words('audience'), words('somebody')],
  );
  return id;
}

/** Calls that were counted with its key, today and before. */
export async function insertUsage(
  database: TestDatabase,
  { organizationId }: Pick<Place, 'organizationId'>,
  words: Words = plainWords,
): Promise<void> {
  const slot = `select k.root_provider_id, k.organization_id, k.kind, k.provider_path`;
  const from = `from api_key k where k.organization_id = $1 and k.kind = 'CLOUD_SERVICE'`;
  const today = `date_trunc('day', now(), 'UTC')`;
  await database.query(
    `insert into usage_counter (root_provider_id, organization_id, kind, provider_path, window_start, used, hour, hour_calls,
       threshold, last_used_at, last_used_address)
     ${slot}, ${today}, 8, date_trunc('hour', now(), 'UTC'), 8, 10, now(), $2 ${from}`,
    [organizationId, words('address')],
  );
  for (const [table, at, since] of [
    ['usage_hour', 'hour', '1 hour'],
    ['usage_day', 'day', '40 days'],
  ]) {
    await database.query(
      `insert into ${table} (root_provider_id, organization_id, kind, provider_path, ${at}, calls)
       ${slot}, ${today} - interval '${since}', 5 ${from}`,
      [organizationId],
    );
  }
  await database.query(
    `insert into usage_notice (root_provider_id, organization_id, kind, provider_path, window_start, percent, used, threshold, at,
       told_at)
     ${slot}, ${today}, 75, 8, 10, now(), now() ${from}`,
    [organizationId],
  );
}

/** One that lives, and has for an hour to come, of an organization that has a key; with the time that it was opened with. */
export async function insertApiSession(
  database: TestDatabase,
  { rootProviderId, providerPath, organizationId }: Place,
  staffMemberId: StaffMemberId,
  words: Words = plainWords,
): Promise<ApiSessionId> {
  const id = newId<'ApiSession'>();
  await database.query(
    `insert into api_session (root_provider_id, id, organization_id, provider_path, staff_member_id, username, secret_hash,
       slot_version, session_epoch, created_at, last_used_at, ip_address, user_agent)
     select $1, $2, $3, $4, m.id, $6, $7, k.version, m.session_epoch, now(), now() + interval '1 hour', '192.0.2.1', $8
     from api_key k, staff_member m
     where k.organization_id = $3 and k.kind = 'CLOUD_SERVICE' and m.id = $5`,
    [rootProviderId, id, organizationId, providerPath, staffMemberId, words('user'), randomBytes(32), words('client')],
  );
  await database.query(
    `insert into api_login (root_provider_id, organization_id, timestamp_ms, provider_path, at) values ($1, $2, $3, $4, now())
     on conflict do nothing`,
    [rootProviderId, organizationId, Date.now(), providerPath],
  );
  return id;
}

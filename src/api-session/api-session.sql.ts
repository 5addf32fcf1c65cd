import { acceptsVersionSql } from '../api-key/overlap.sql.ts';

/** A session as its organization sees it, of a row named `a`. */
export const apiSessionColumns = `a.root_provider_id as "rootProviderId", a.id as "apiSessionId",
  a.organization_id as "organizationId", a.provider_path as "providerPath", a.staff_member_id as "staffMemberId",
  a.username, a.created_at as "createdAt", a.last_used_at as "lastUsedAt", a.ip_address as "ipAddress",
  a.user_agent as "userAgent"`;

/**
 * The SQL twin of `isAlive`, of a row named `a` with its slot `k` and its admin `m`; a test holds the two equal.
 * @param idleSince placeholder of the oldest instant of a last use by which a session still lives; `now` of the instant
 */
export function aliveSql(idleSince: string, now: string): string {
  return `(${acceptsVersionSql('a.slot_version', now)} and k.fingerprint is not null
    and not exists (select from disablement d where d.root_provider_id = k.root_provider_id
      and d.organization_id = k.organization_id and d.kind = k.kind)
    and a.session_epoch = m.session_epoch and m.deactivated_at is null and a.last_used_at > ${idleSince})`;
}

/** Sessions `a` with their slot `k` and their admin `m`. */
export const apiSessionSource = `api_session a
  join api_key k on k.root_provider_id = a.root_provider_id and k.organization_id = a.organization_id
    and k.kind = 'CLOUD_SERVICE'
  join staff_member m on m.root_provider_id = a.root_provider_id and m.id = a.staff_member_id`;

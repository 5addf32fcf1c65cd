/**
 * Whether a slot `k` with the current subscription `s` may be given another string by regenerating it or, for the second, by
 * a sync: what the single command refuses is no work for a rotation.
 */
export function isRegenerable(now: string): string {
  return `${isEditable(now)} and not exists (select from disablement d where d.root_provider_id = k.root_provider_id
    and d.organization_id = k.organization_id and d.kind = k.kind)`;
}

export function isEditable(now: string): string {
  return `k.fingerprint is not null and s.id is not null and s.cancelled_at is null and s.starts_at <= ${now} and s.ends_at > ${now}`;
}

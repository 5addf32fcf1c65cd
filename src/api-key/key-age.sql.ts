/** When a slot `k` is due by the policy that holds for it; the SQL twin of `dueAt`. A test holds the twins equal. */
export const dueAtSql = `greatest(k.last_modified_at + k.rotation_after_days * interval '24 hours',
  k.rotation_since + k.rotation_lead_days * interval '24 hours')`;

/** The SQL twin of `rotationStateAt`; null where no policy holds, or no string is held. */
export function rotationStateSql(now: string): string {
  return `case when k.rotation_policy_id is null or k.fingerprint is null then null
    when ${now} >= ${dueAtSql} + k.rotation_gap_days * interval '24 hours' then 'OVERDUE'
    when ${now} >= ${dueAtSql} then 'DUE'
    when ${now} >= ${dueAtSql} - k.rotation_notice_days * interval '24 hours' then 'UPCOMING'
    else 'CURRENT' end`;
}

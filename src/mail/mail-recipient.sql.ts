/** A recipient as the repositories read it, of a row named `r`. */
export const mailRecipientColumns = `r.root_provider_id as "rootProviderId", r.id, r.provider_id as "providerId",
  r.provider_path as "providerPath", null as "organizationId", r.address, r.events,
  r.organization_ids as "organizationIds", r.digest, r.cursor::float8 as cursor, r.due_at as "dueAt", r.attempts,
  r.last_sent_at as "lastSentAt", r.failing_since as "failingSince", r.error, r.disabled_at as "disabledAt",
  r.disabled_reason as "disabledReason", r.created_at as "createdAt", r.created_by_name as "createdByName"`;

/** A service account as the rules take it, of a row named `a`. */
export const serviceAccountColumns = `a.root_provider_id as "rootProviderId", a.id, a.provider_id as "providerId",
  a.provider_path as "providerPath", a.organization_id as "organizationId", a.name, a.permissions,
  a.created_at as "createdAt", a.created_by_id as "createdById", a.created_by_name as "createdByName",
  a.last_used_at as "lastUsedAt", a.last_used_address as "lastUsedAddress", a.revoked_at as "revokedAt"`;

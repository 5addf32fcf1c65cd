/** `p` is the provider. */
export const providerColumns = `p.root_provider_id as "rootProviderId", p.id, p.parent_id as "parentId", p.path as "providerPath",
  p.name, p.base_url as "baseUrl", p.created_at as "createdAt", null as "organizationId"`;

/** `p` is the provider. */
export const providerColumns = `p.root_provider_id as "rootProviderId", p.id, p.parent_id as "parentId", p.path as "providerPath",
  p.name, p.base_url as "baseUrl", p.created_at as "createdAt", p.approval_above as "approvalAbove",
  p.overlap_allowed_minutes as "overlapAllowedMinutes",
  null as "organizationId"`;

/**
 * Whether the provider that a list is filtered by is in sight: else the filter would tell that it stands above what is.
 * @param own placeholder of the provider whose subtree the caller sees; null: all of them
 */
export const isProviderInSight = (rootProviderId: string, id: string, own: string) =>
  `exists (select from service_provider p where p.root_provider_id = ${rootProviderId} and p.id = ${id}
    and (${own}::uuid is null or ${own} = any (p.path)))`;

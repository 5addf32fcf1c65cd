/** The columns of `Event`, of a row `a` of the trail with its provider `p` and its organization `o`. */
export const eventColumns = `a.root_provider_id as "rootProviderId", a.id, a.at, a.action, a.actor_id as "actorId",
  a.actor_name as "actorName", a.actor_role as "actorRole", a.on_behalf_of as "onBehalfOf",
  a.provider_path as "providerPath", p.name as "providerName", a.organization_id as "organizationId",
  o.name as "organizationName", o.external_id as "externalId", a.target, a.before, a.after, a.note`;

export const eventJoins = `left join service_provider p
    on p.root_provider_id = a.root_provider_id and p.id = a.provider_path[cardinality(a.provider_path)]
  left join organization o on o.root_provider_id = a.root_provider_id and o.id = a.organization_id`;

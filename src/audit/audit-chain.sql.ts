/** Every column of an event `e`, under the names of `ChainedEvent`. */
export const chainedEventColumns = `e.root_provider_id as "rootProviderId", e.id, e.at, e.action, e.actor_id as "actorId",
  e.actor_name as "actorName", e.actor_role as "actorRole", e.on_behalf_of as "onBehalfOf",
  e.provider_path as "providerPath", e.organization_id as "organizationId", e.target, e.result, e.before, e.after, e.note,
  e.ip_address as "ipAddress", e.request_id as "requestId"`;

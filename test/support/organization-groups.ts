import type { RequestContext } from '../../src/context.ts';
import { countOrganizations, listFleet } from '../../src/fleet/fleet.service.ts';
import { type FleetFilter, type FleetOrderField, WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { OrganizationGroupRef, OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { listOrganizationGroups } from '../../src/organization-group/list-organization-groups.ts';
import {
  type CreateOrganizationGroup,
  createOrganizationGroup,
  type UpdateOrganizationGroup,
} from '../../src/organization-group/organization-group.service.ts';
import { uniqueName } from './fixtures.ts';
import type { KeyWorld } from './key-world.ts';
import { insertHolders } from './shared-strings.ts';

type Named = OrganizationRef | null | undefined;

export function byHand(
  serviceProvider: ServiceProviderRef,
  name: string,
  members: readonly Named[],
): CreateOrganizationGroup {
  const named = members.map((member) => member ?? null);
  return { serviceProvider, name, members: named, filter: null, idempotencyKey: null };
}

export function byFilter(
  serviceProvider: ServiceProviderRef,
  name: string,
  filter: Partial<FleetFilter>,
): CreateOrganizationGroup {
  return { serviceProvider, name, members: null, filter: { ...WHOLE_FLEET, ...filter }, idempotencyKey: null };
}

interface Change {
  readonly name?: string;
  readonly filter?: FleetFilter;
  readonly add?: readonly Named[];
  readonly remove?: readonly Named[];
}

export function update(
  organizationGroup: OrganizationGroupRef,
  { name, filter, add = [], remove = [] }: Change,
): UpdateOrganizationGroup {
  const named = (members: readonly Named[]) => members.map((member) => member ?? null);
  const lists = { add: named(add), remove: named(remove) };
  return { organizationGroup, name: name ?? null, filter: filter ?? null, ...lists, idempotencyKey: null };
}

export function makeGroup(
  ctx: RequestContext,
  provider: ServiceProviderRef,
  members: readonly OrganizationRef[],
): Promise<OrganizationGroupRef> {
  return createOrganizationGroup(ctx, byHand(provider, uniqueName('Group'), members));
}

/** Organizations of a root or of a reseller directly below it, each with the string that is called so. */
export function holders(
  world: KeyWorld,
  provider: ServiceProviderRef,
  strings: readonly (string | null)[],
): Promise<OrganizationRef[]> {
  const path = [...new Set([provider.rootProviderId, provider.serviceProviderId])];
  return insertHolders(world.keyward.database, provider, path, strings);
}

export function idsOf(...organizations: readonly Named[]): string[] {
  return organizations.map((organization) => organization?.organizationId ?? 'missing').sort();
}

/** Whom a list finds that is filtered by the group, and by whatever else; it counts as many. */
export async function membersOf(
  world: KeyWorld,
  actor: Actor,
  group: OrganizationGroupRef,
  more: Partial<FleetFilter> = {},
  field: FleetOrderField = 'NAME',
): Promise<string[]> {
  const filter = { ...WHOLE_FLEET, ...more, group };
  const page = { first: 200, after: null };
  const [found] = await listFleet(world.as(actor), null, { filter, order: { field, direction: 'DESC' }, page });
  const [count] = await countOrganizations(world.as(actor), null, filter);
  const ids = found?.items.map(({ organization }) => organization.organizationId) ?? [];
  if (!found?.hasNextPage && count !== ids.length) throw new Error(`counted ${count}, listed ${ids.length}`);
  return ids.sort();
}

/** The names of the groups that somebody is shown. */
export async function groupsSeen(world: KeyWorld, actor: Actor): Promise<string[]> {
  const page = await listOrganizationGroups(world.as(actor), null, { first: 200, after: null });
  return page.items.map(({ name }) => name);
}

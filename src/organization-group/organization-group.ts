import type { TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import type { SavedFilter } from '../fleet/fleet.ts';
import type { OrganizationGroupId, OrganizationGroupRef, ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import type { Position } from '../page.ts';
import { fold } from '../text.ts';

export const groupKinds = ['BY_HAND', 'BY_FILTER'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** Organizations of one provider's subtree under a name, to be looked at and acted upon together. */
export interface OrganizationGroup extends TenantRow {
  readonly id: OrganizationGroupId;
  readonly providerId: ServiceProviderId;
  readonly name: string;
  /** Null: the members are named by hand. Else it names a provider: the group's own, or one below it. */
  readonly filter: SavedFilter | null;
  readonly createdAt: Date;
  readonly createdByName: string;
  readonly organizationId: null;
}

export const LONGEST_GROUP_NAME = 200;
/** Of organizations named by hand. */
export const MOST_MEMBERS = 10_000;

export function kindOf({ filter }: Pick<OrganizationGroup, 'filter'>): GroupKind {
  return filter === null ? 'BY_HAND' : 'BY_FILTER';
}

export function refOf({ rootProviderId, id }: OrganizationGroup): OrganizationGroupRef {
  return { rootProviderId, organizationGroupId: id };
}

export function providerRefOf({ rootProviderId, providerId }: OrganizationGroup): ServiceProviderRef {
  return { rootProviderId, serviceProviderId: providerId };
}

/** By name. */
export function positionOf({ name, id }: OrganizationGroup): Position {
  return { value: fold(name), id };
}

/** @throws DomainError `VALIDATION_FAILED` unless the members are named in exactly one of the two ways */
export function kindToCreate(given: { readonly members: unknown; readonly filter: unknown }): GroupKind {
  const isByHand = given.members !== null;
  if (isByHand === (given.filter !== null)) {
    throw validationFailed('organizationIds', 'Give either organizationIds or filter.');
  }
  return isByHand ? 'BY_HAND' : 'BY_FILTER';
}

/** How a group is to be changed: what is null or empty stays as it is. */
export interface GroupChange {
  readonly filter: unknown;
  readonly add: readonly unknown[];
  readonly remove: readonly unknown[];
}

/** A group never changes its kind. @throws DomainError `VALIDATION_FAILED` */
export function refuseOtherKind(kind: GroupKind, { filter, add, remove }: GroupChange): void {
  if (kind === 'BY_HAND' && filter !== null) {
    throw validationFailed('filter', 'The members of this group are named by hand. Create another group for a filter.');
  }
  if (kind === 'BY_FILTER' && add.length + remove.length > 0) {
    const field = add.length > 0 ? 'addOrganizationIds' : 'removeOrganizationIds';
    throw validationFailed(field, 'A filter says what is in this group. Change the filter instead.');
  }
}

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseTooMany(field: string, count: number): void {
  if (count <= MOST_MEMBERS) return;
  throw validationFailed(field, `A group by hand holds at most ${MOST_MEMBERS} organizations. Use a filter for more.`);
}

import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import type { OrganizationId, OrganizationRef } from '../ids.ts';
import { countOrganizationsUnder } from './group-member.repository.ts';
import { type OrganizationGroup, providerRefOf, refuseTooMany } from './organization-group.ts';

/** Null: an id that names nothing. */
export type NamedMembers = readonly (OrganizationRef | null)[];

/**
 * The organizations that are named, each once, all of them of the group's provider or below it.
 * @param field input field that names them
 * @throws DomainError `VALIDATION_FAILED`; `NOT_FOUND` when one is missing, out of sight or beside the group's provider
 */
export async function findMembers(
  tx: Tx,
  group: OrganizationGroup,
  field: string,
  named: NamedMembers,
): Promise<OrganizationId[]> {
  refuseTooMany(field, named.length);
  const ids = new Set<OrganizationId>();
  for (const ref of named) {
    if (ref?.rootProviderId !== group.rootProviderId) throw notFound(field);
    ids.add(ref.organizationId);
  }
  if (ids.size === 0) return [];
  const found = await countOrganizationsUnder(tx, providerRefOf(group), [...ids]);
  if (found < ids.size) throw notFound(field);
  return [...ids];
}

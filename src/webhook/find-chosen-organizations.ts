import type { Tx } from '../database/database.ts';
import { notFound, validationFailed } from '../errors.ts';
import type { OrganizationId, OrganizationRef, ServiceProviderId } from '../ids.ts';
import { countOrganizationsUnder } from '../organization-group/group-member.repository.ts';
import { MOST_ORGANIZATIONS } from './webhook-endpoint.ts';

const FIELD = 'organizationIds';

/**
 * The organizations that an endpoint is told of, each once, all of its provider or below it; null: of all.
 * @throws DomainError `VALIDATION_FAILED`; `NOT_FOUND` when one is missing, out of sight or beside the provider
 */
export async function findChosenOrganizations(
  tx: Tx,
  {
    rootProviderId,
    providerId,
  }: { readonly rootProviderId: ServiceProviderId; readonly providerId: ServiceProviderId },
  named: readonly (OrganizationRef | null)[] | null,
): Promise<readonly OrganizationId[] | null> {
  if (named === null) return null;
  if (named.length === 0 || named.length > MOST_ORGANIZATIONS) {
    throw validationFailed(FIELD, `Choose 1 to ${MOST_ORGANIZATIONS} organizations, or null for all.`);
  }
  const ids = new Set<OrganizationId>();
  for (const ref of named) {
    if (ref?.rootProviderId !== rootProviderId) throw notFound(FIELD);
    ids.add(ref.organizationId);
  }
  const found = await countOrganizationsUnder(tx, { rootProviderId, serviceProviderId: providerId }, [...ids]);
  if (found < ids.size) throw notFound(FIELD);
  return [...ids];
}

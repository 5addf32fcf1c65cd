import { decodeOrganizationGroupId, decodeOrganizationId, decodeProviderFilter } from '../graphql/global-id.ts';
import { NIL_ID, type OrganizationGroupRef } from '../ids.ts';
import type { OrganizationFilter } from './fleet.input.ts';
import type { FleetFilter } from './fleet.ts';

export function toFilter(input: OrganizationFilter): FleetFilter {
  const { serviceProviderId, ids, groupId } = input;
  return {
    search: input.search ?? null,
    serviceProvider: decodeProviderFilter(serviceProviderId),
    apiKeyStatus: input.apiKeyStatus ?? null,
    disablementSource: input.disablementSource ?? null,
    subscriptionStatus: input.subscriptionStatus ?? null,
    fingerprint: input.fingerprint ?? null,
    fingerprintNot: input.fingerprintNot ?? null,
    subscriptionEndsBefore: input.subscriptionEndsBefore ?? null,
    keyModifiedSince: input.keyModifiedSince ?? null,
    keyModifiedBefore: input.keyModifiedBefore ?? null,
    thresholdUsedPercentAtLeast: input.thresholdUsedPercentAtLeast ?? null,
    rotation: input.rotation ?? null,
    organizations: ids == null ? null : ids.map(decodeOrganizationId).filter((ref) => ref !== null),
    group: groupId == null ? null : (decodeOrganizationGroupId(groupId) ?? NO_GROUP),
  };
}

/** Stands for an id that names nothing: no organization is under it. */
const NO_GROUP: OrganizationGroupRef = { rootProviderId: NIL_ID, organizationGroupId: NIL_ID };

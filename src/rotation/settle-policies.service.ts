import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { WHOLE_FLEET } from '../fleet/fleet.ts';
import { resolveFilter } from '../fleet/resolve-filter.ts';
import type { ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import { findOrganizationIds, type MembersByFilter, settlePolicies } from './assignment.repository.ts';
import { findEnabledPoliciesOf, findRootsWithPolicies } from './rotation-policy.repository.ts';
import type { RotationPolicy } from './rotation-policy.ts';

/** So many are written by one transaction: nobody waits for long. */
const MOST_AT_ONCE = 10_000;

/**
 * Settles anew which policy holds for which key: organizations come, and groups change.
 * @returns for how many keys that changed
 */
export async function settleRotationPolicies(services: Services, now: Date): Promise<number> {
  const { database } = services;
  const roots = await database.read(PLATFORM_SCOPE, findRootsWithPolicies);
  let moved = 0;
  await eachAlone(services, 'settling rotation policies', roots, async (root) => {
    for (let some = MOST_AT_ONCE; some >= MOST_AT_ONCE; moved += some) {
      some = await database.withTransaction(PLATFORM_SCOPE, (tx) => settleBelow(tx, toRef(root), now));
    }
  });
  return moved;
}

/**
 * The same as a part of what changed a policy, for whatever is below its provider; of very many the rest is left to the
 * next run of the above.
 */
export function settleAfterChange(
  tx: Tx,
  { rootProviderId, providerId: serviceProviderId }: Pick<RotationPolicy, 'rootProviderId' | 'providerId'>,
  now: Date,
): Promise<number> {
  // Policies of providers above hold as well, seen by whoever made the change or not.
  const root = { level: 'PROVIDER', rootProviderId, providerId: rootProviderId } as const;
  return tx.within(root, (all) => settleBelow(all, { rootProviderId, serviceProviderId }, now));
}

async function settleBelow(tx: Tx, provider: ServiceProviderRef, now: Date): Promise<number> {
  const policies = await findEnabledPoliciesOf(tx, provider.rootProviderId);
  const members = await findMembersByFilter(tx, policies, now);
  return settlePolicies(tx, provider, policies, members, { now, most: MOST_AT_ONCE });
}

/** Of groups by hand the database knows them by itself. */
async function findMembersByFilter(
  tx: Tx,
  policies: readonly RotationPolicy[],
  now: Date,
): Promise<readonly MembersByFilter[]> {
  const members: MembersByFilter[] = [];
  for (const policy of policies) {
    const { rootProviderId, groupId } = policy;
    if (groupId === null) continue;
    const ref = { rootProviderId, organizationGroupId: groupId };
    const filter = await resolveFilter(tx, PLATFORM_SCOPE, { ...WHOLE_FLEET, group: ref });
    if (filter.group?.kind !== 'FILTER') continue;
    members.push({ policyId: policy.id, organizationIds: await findOrganizationIds(tx, filter, now) });
  }
  return members;
}

function toRef(rootProviderId: ServiceProviderId): ServiceProviderRef {
  return { rootProviderId, serviceProviderId: rootProviderId };
}

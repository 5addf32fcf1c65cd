import type { RequestContext } from '../context.ts';
import { countOrganizations, listFleet } from '../fleet/fleet.service.ts';
import { type FleetFilter, type FleetPage, type FleetQuery, type Parents, WHOLE_FLEET } from '../fleet/fleet.ts';
import { type OrganizationGroup, refOf } from '../organization-group/organization-group.ts';
import { type NestedListLoader, nestedListLoader } from './nested-list.ts';

/** The organizations of saved groups that are known to be in sight. */
export interface GroupLists {
  readonly groupPage: NestedListLoader<FleetQuery, FleetPage, OrganizationGroup>;
  readonly groupCount: NestedListLoader<FleetFilter, number, OrganizationGroup>;
}

export function createGroupLists(ctx: RequestContext): GroupLists {
  return {
    groupPage: nestedListLoader((groups, query) =>
      underGroups(groups, query.filter, (parents, filter) => listFleet(ctx, parents, { ...query, filter })),
    ),
    groupCount: nestedListLoader((groups, wanted) =>
      underGroups(groups, wanted, (parents, filter) => countOrganizations(ctx, parents, filter)),
    ),
  };
}

/** All groups by hand in one statement, and one for each group by filter: no two of those ask for the same. */
async function underGroups<Answer>(
  groups: readonly OrganizationGroup[],
  wanted: FleetFilter,
  find: (parents: Parents, filter: FleetFilter) => Promise<Answer[]>,
): Promise<Answer[]> {
  const byHand = groups.filter(({ filter }) => filter === null);
  const answers = new Map<OrganizationGroup, Answer>();
  const keep = (group: OrganizationGroup, answer: Answer | undefined) => {
    if (answer !== undefined) answers.set(group, answer);
  };
  const findByHand = async () => {
    if (byHand.length === 0) return;
    const found = await find(byHand.map(refOf), wanted);
    for (const [index, group] of byHand.entries()) keep(group, found[index]);
  };
  const findByFilter = async (group: OrganizationGroup) => {
    if (group.filter === null) return;
    const [found] = await find(null, { ...WHOLE_FLEET, ...group.filter });
    keep(group, found);
  };
  await Promise.all([findByHand(), ...groups.map(findByFilter)]);
  return groups.map((group) => {
    const answer = answers.get(group);
    if (answer === undefined) throw new Error('the list of a group was not answered');
    return answer;
  });
}

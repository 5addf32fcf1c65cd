import { decodeGlobalId } from '../../../src/graphql/global-id.ts';
import { type Ask, by, input, type Variables } from '../decision.ts';

export const IN_HALF_A_YEAR = new Date(Date.now() + 180 * 24 * 3600 * 1000).toISOString();
export const IN_A_YEAR = new Date(Date.now() + 400 * 24 * 3600 * 1000).toISOString();
export const A_YEAR_AGO = new Date(Date.now() - 365 * 24 * 3600 * 1000).toISOString();

export const newName = () => `New ${Math.random().toString(36).slice(2)}`;

/** As a cursor has it: the global id without its type. */
export const idIn = (globalId: string) => decodeGlobalId(globalId)?.id ?? '';

export const parentProvider = by('ServiceProvider', ({ ids }) => ({ node: ids.ServiceProvider }), { by: 'parent' });
export const slot = (more: Record<string, unknown> = {}) => input('Organization', 'organizationId', more);

/**
 * A command over many organizations. An id out of sight is refused on its own, and told again as it was given: here it is
 * asked that a filter does not find it.
 */
export const many = (more: Record<string, unknown>): Ask[] => {
  const of = (filter: Record<string, unknown>) => ({ input: { filter, dryRun: true, ...more } });
  return [
    by('Organization', ({ ids }) => of({ ids: [ids.Organization] }), { by: 'input.filter.ids' }),
    by('OrganizationGroup', ({ ids }) => of({ groupId: ids.OrganizationGroup }), { by: 'input.filter.groupId' }),
    by('ServiceProvider', ({ ids }) => of({ serviceProviderId: ids.ServiceProvider }), {
      by: 'input.filter.serviceProviderId',
    }),
  ];
};

/** Organizations of another tenant's, for what is made at one's own provider. */
export const organizationsFor = (made: () => Variables): Ask =>
  by(
    'Organization',
    ({ ids }, own) => {
      const { ServiceProvider: serviceProviderId } = own.ids;
      return { input: { ...made(), serviceProviderId, organizationIds: [ids.Organization] } };
    },
    { by: 'input.organizationIds', isOfOwn: true },
  );

import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { useWholeList, type WholeList } from '../graphql/use-whole-list.ts';
import { delegation } from '../session/delegation.ts';
import { isPlatformStaff, useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { crumbs } from './crumbs.tsx';
import { TenantsDocument, type TenantsQuery } from './tenant.graphql.ts';

export type Tenant = TenantsQuery['serviceProviders']['nodes'][number];

/** The search parameter that narrows every list to one provider and what is below it. */
export const TENANT_PARAMETER = 'in';

const NO_TENANTS: WholeList<Tenant> = { rows: [], isLoading: false, failure: null, retry: () => undefined };

/** Every provider in sight, by name. Organization people see none. */
export function useTenantList(): WholeList<Tenant> {
  const isPaused = useViewer().organization !== null;
  const question = { query: TenantsDocument, variables: {} };
  const response = useQuery({ ...question, pause: isPaused, requestPolicy: 'cache-first' });
  const list = useWholeList({
    ...question,
    response,
    restPolicy: 'cache-first',
    connectionOf: (data) => data.serviceProviders,
  });
  return isPaused ? NO_TENANTS : list;
}

/** Those of them that have come. */
export function useTenants(): readonly Tenant[] {
  return useTenantList().rows;
}

/** Where none of them matches what somebody has typed. */
export function nothingFoundAmong({ isLoading, failure }: WholeList<Tenant>): string {
  if (failure !== null) return 'Not every provider could be looked up now';
  return isLoading ? 'Looking' : 'No provider is called that';
}

/** The provider to which somebody has narrowed what they see: a filter's `serviceProviderId`. */
export function useTenantId(): string | null {
  const [params] = useSearchParams();
  return params.get(TENANT_PARAMETER);
}

/** Keeps somebody in that tenant on their way to another screen: what stands behind its path. */
export function useTenantSearch(): string {
  const tenantId = useTenantId();
  return tenantId === null ? '' : `?${new URLSearchParams({ [TENANT_PARAMETER]: tenantId })}`;
}

/** The name of that provider; null: all are in sight. */
export function useTenantName(): string | null {
  const tenantId = useTenantId();
  const tenants = useTenants();
  return tenantId === null ? null : (tenants.find(({ id }) => id === tenantId)?.name ?? null);
}

/** Words for when somebody works in a tenant that is not their own; null at home. */
export function useForeignTenant(): string | null {
  const viewer = useViewer();
  const lent = useStore(delegation);
  const tenantId = useTenantId();
  const path = useStore(crumbs);
  const tenants = useTenants();
  if (lent !== null) return `On behalf of ${lent.serviceProviderName}`;
  if (!isPlatformStaff(viewer)) return null;
  const name = path[0]?.label ?? tenants.find(({ id }) => id === tenantId)?.name;
  return name === undefined ? null : `As platform staff in ${name}`;
}

import { TENANT_PARAMETER, useTenantId } from '../../app/tenant.ts';

export type Narrowing = Readonly<Record<string, string | null>>;

/** Where the table of organizations shows just those, within the tenant that one is in. */
export function useLinkToTable(): (narrowing: Narrowing) => string {
  const tenantId = useTenantId();
  return (narrowing) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries({
      ...narrowing,
      [TENANT_PARAMETER]: narrowing[TENANT_PARAMETER] ?? tenantId,
    })) {
      if (value !== null) params.set(name, value);
    }
    const search = params.toString();
    return search === '' ? '/organizations' : `/organizations?${search}`;
  };
}

/** As the table's URL has it; the API's instants are midnights. */
export function dayOf(instant: string | null): string | null {
  return instant === null ? null : instant.slice(0, 10);
}

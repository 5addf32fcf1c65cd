import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationGroupRef } from '../ids.ts';

export interface GroupRow extends TenantRow {
  /** Null: its members are named by hand. */
  readonly filter: unknown;
}

const find = statement<GroupRow>(
  'fleet.find_group',
  `select g.root_provider_id as "rootProviderId", g.provider_path as "providerPath", null as "organizationId", g.filter
   from organization_group g where g.root_provider_id = $1 and g.id = $2`,
);

export function findGroupOfFilter(tx: Tx, ref: OrganizationGroupRef): Promise<GroupRow | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.organizationGroupId]);
}

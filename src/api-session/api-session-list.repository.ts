import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { aliveSql, apiSessionColumns, apiSessionSource } from './api-session.sql.ts';
import type { ApiSession, Living } from './api-session.ts';

const ofOrganization = `a.root_provider_id = $1 and a.organization_id = $2 and ${aliveSql('$3', '$4')}`;

const page = statement<ApiSession>(
  'api_session.page',
  `select ${apiSessionColumns} from ${apiSessionSource}
   where ${ofOrganization} and ($5::timestamptz is null or (a.created_at, a.id) < ($5, $6::uuid))
   order by a.created_at desc, a.id desc limit $7`,
);

/** The living ones, the newest first, one more than asked for. */
export function findApiSessionPage(
  tx: Tx,
  organization: OrganizationRef,
  living: Living,
  { first, after }: PageRequest,
): Promise<ApiSession[]> {
  const { rootProviderId, organizationId } = organization;
  return tx.rows(page, [
    ...[
      rootProviderId,
      organizationId,
      living.idleSince,
      living.now,
      after?.value ?? null,
      after?.id ?? null,
      first + 1,
    ],
  ]);
}

const count = statement<{ readonly count: number }>(
  'api_session.count',
  `select count(*)::int as count from ${apiSessionSource} where ${ofOrganization}`,
);

export async function countApiSessionRows(
  tx: Tx,
  organization: OrganizationRef,
  { idleSince, now }: Living,
): Promise<number> {
  return (await tx.row(count, [organization.rootProviderId, organization.organizationId, idleSince, now])).count;
}

const living = statement<ApiSession>(
  'api_session.lock_living',
  `select ${apiSessionColumns} from ${apiSessionSource} where ${ofOrganization} order by a.id for update of a`,
);

/** All of an organization's that live, none of which is ended by anybody else until the end of the transaction. */
export function lockLivingApiSessions(
  tx: Tx,
  organization: OrganizationRef,
  { idleSince, now }: Living,
): Promise<ApiSession[]> {
  return tx.rows(living, [organization.rootProviderId, organization.organizationId, idleSince, now]);
}

const remove = statement<never>(
  'api_session.delete_all',
  'delete from api_session where root_provider_id = $1 and organization_id = $2',
);

/** The dead ones as well. */
export async function deleteApiSessionsOf(tx: Tx, organization: OrganizationRef): Promise<void> {
  await tx.count(remove, [organization.rootProviderId, organization.organizationId]);
}

import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { AuthorizationServerId, OrganizationRef } from '../ids.ts';
import type { VerifiedServer } from './authorization-server.ts';

/** An enabled server, with how its organization is named. */
export interface StandingServer extends OrganizationRef {
  readonly id: AuthorizationServerId;
  readonly version: number;
  readonly externalId: string | null;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
}

/** Null in place of the server's own columns: the organization has none that is enabled. */
interface Row extends Omit<StandingServer, 'id'> {
  readonly id: AuthorizationServerId | null;
  readonly depth: number;
}

const columns = `o.root_provider_id as "rootProviderId", o.id as "organizationId", o.external_id as "externalId",
  cardinality(o.provider_path) as depth, s.id, s.version, s.issuer, s.jwks_url as "jwksUrl", s.audience`;

const enabled = `left join authorization_server s on s.root_provider_id = o.root_provider_id and s.organization_id = o.id
  and s.enabled`;

/** @param from placeholder of the first of three parameters (`sightOf`) */
const inSight = (from: number) => `($${from}::uuid is null or o.root_provider_id = $${from})
  and ($${from + 1}::uuid is null or $${from + 1} = any (o.provider_path))
  and ($${from + 2}::uuid[] is null or o.id = any ($${from + 2}))`;

function toServer(row: Row | undefined): StandingServer | null {
  if (row === undefined || row.id === null) return null;
  const { depth: _, ...server } = row;
  return { ...server, id: row.id };
}

const findOf = statement<Row>(
  'authorization_server.find_enabled_of_organizations',
  `select ${columns} from unnest($1::uuid[], $2::uuid[]) w (root_provider_id, organization_id)
   join organization o on o.root_provider_id = w.root_provider_id and o.id = w.organization_id ${enabled}
   where ${inSight(3)}`,
);

/** The enabled server of each organization in sight, null where it has none, in the order of the organizations. */
export async function findStandingServers(
  tx: Tx,
  scope: Scope,
  refs: readonly OrganizationRef[],
): Promise<(StandingServer | null)[]> {
  const rows = await tx.rows(findOf, [
    refs.map(({ rootProviderId }) => rootProviderId),
    refs.map(({ organizationId }) => organizationId),
    ...sightOf(scope),
  ]);
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return refs.map((ref) => toServer(found.get(keyOf(ref))));
}

function keyOf({ rootProviderId, organizationId }: OrganizationRef): string {
  return `${rootProviderId} ${organizationId}`;
}

const findNamed = statement<Row>(
  'authorization_server.find_enabled_by_external_ids',
  `select ${columns} from unnest($1::text[]) w (external_id)
   join organization o on o.root_provider_id = $2 and o.external_id = w.external_id ${enabled}
   where ${inSight(2)}
   order by depth`,
);

/**
 * The same by external ids, which are unique within one provider only: the organization of the provider nearest to the one
 * whose eyes they are is meant, and none when two are equally near.
 */
export async function findStandingServersByName(
  tx: Tx,
  scope: Scope,
  externalIds: readonly string[],
): Promise<(StandingServer | null)[]> {
  const rows = await tx.rows(findNamed, [[...new Set(externalIds)], ...sightOf(scope)]);
  const named = Map.groupBy(rows, ({ externalId }) => externalId);
  return externalIds.map((externalId) => {
    const [nearest, next] = named.get(externalId) ?? [];
    return nearest?.depth === next?.depth ? null : toServer(nearest);
  });
}

const findStill = statement<{ id: AuthorizationServerId }>(
  'authorization_server.find_unchanged',
  `select s.id from unnest($1::uuid[], $2::uuid[], $3::int[]) w (root_provider_id, id, version)
   join authorization_server s on s.root_provider_id = w.root_provider_id and s.id = w.id and s.version = w.version
   where s.enabled`,
);

/** Which of them are enabled still and have not changed since. */
export async function findUnchangedServers(
  tx: Tx,
  servers: readonly VerifiedServer[],
): Promise<ReadonlySet<AuthorizationServerId>> {
  const rows = await tx.rows(findStill, [
    servers.map((server) => server.rootProviderId),
    servers.map((server) => server.authorizationServerId),
    servers.map((server) => server.version),
  ]);
  return new Set(rows.map(({ id }) => id));
}

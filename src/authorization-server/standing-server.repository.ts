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
  'authorization_server.find_enabled_of_organization',
  `select ${columns} from organization o ${enabled}
   where o.root_provider_id = $1 and o.id = $2 and ${inSight(3)}`,
);

/** The enabled server of an organization in sight. */
export async function findStandingServer(tx: Tx, scope: Scope, ref: OrganizationRef): Promise<StandingServer | null> {
  const row = await tx.rowOrNull(findOf, [ref.rootProviderId, ref.organizationId, ...sightOf(scope)]);
  return toServer(row ?? undefined);
}

const findNamed = statement<Row>(
  'authorization_server.find_enabled_by_external_id',
  `select ${columns} from organization o ${enabled}
   where o.root_provider_id = $2 and o.external_id = $1 and ${inSight(2)}
   order by depth limit 2`,
);

/**
 * The same by an external id, which is unique within one provider only: the organization of the provider nearest to the one
 * whose eyes they are is meant, and none when two are equally near.
 */
export async function findStandingServerByName(
  tx: Tx,
  scope: Scope,
  externalId: string,
): Promise<StandingServer | null> {
  const [nearest, next] = await tx.rows(findNamed, [externalId, ...sightOf(scope)]);
  return nearest?.depth === next?.depth ? null : toServer(nearest);
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

import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { AuthorizationServerRef, OrganizationRef } from '../ids.ts';
import type { AuthorizationServer, ServerSettings } from './authorization-server.ts';

const columns = `s.root_provider_id as "rootProviderId", s.id, s.organization_id as "organizationId",
  s.provider_path as "providerPath", s.place, s.name, s.issuer, s.jwks_url as "jwksUrl", s.audience,
  s.enabled as "isEnabled", s.version, s.created_at as "createdAt", s.created_by_name as "createdByName"`;

const find = statement<AuthorizationServer>(
  'authorization_server.find',
  `select ${columns} from authorization_server s where s.root_provider_id = $1 and s.id = $2`,
);

export function findAuthorizationServer(tx: Tx, ref: AuthorizationServerRef): Promise<AuthorizationServer | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.authorizationServerId]);
}

const findOf = statement<AuthorizationServer>(
  'authorization_server.find_of_organizations',
  `select ${columns} from authorization_server s
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, organization_id)
     on s.root_provider_id = wanted.root_provider_id and s.organization_id = wanted.organization_id
   order by s.organization_id, s.id`,
);

/** The oldest first. */
export function findServersOf(tx: Tx, organizations: readonly OrganizationRef[]): Promise<AuthorizationServer[]> {
  return tx.rows(findOf, [
    organizations.map((ref) => ref.rootProviderId),
    organizations.map((ref) => ref.organizationId),
  ]);
}

const lockOf = statement<AuthorizationServer>(
  'authorization_server.lock_of_organization',
  `select ${columns} from authorization_server s
   where s.root_provider_id = $1 and s.organization_id = $2 order by s.id for update`,
);

/** Under the organization's lock, so that nobody adds one meanwhile. */
export function lockServersOf(tx: Tx, organization: OrganizationRef): Promise<AuthorizationServer[]> {
  return tx.rows(lockOf, [organization.rootProviderId, organization.organizationId]);
}

const insert = statement<never>(
  'authorization_server.insert',
  `insert into authorization_server (root_provider_id, id, organization_id, provider_path, place, name, issuer, jwks_url,
     audience, enabled, version, created_at, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);

export async function insertAuthorizationServer(tx: Tx, server: AuthorizationServer): Promise<void> {
  await tx.count(insert, [
    server.rootProviderId,
    server.id,
    server.organizationId,
    server.providerPath,
    server.place,
    server.name,
    server.issuer,
    server.jwksUrl,
    server.audience,
    server.isEnabled,
    server.version,
    server.createdAt,
    server.createdByName,
  ]);
}

const update = statement<never>(
  'authorization_server.update',
  `update authorization_server set name = $4, issuer = $5, jwks_url = $6, audience = $7, enabled = $8, version = $3 + 1
   where root_provider_id = $1 and id = $2 and version = $3`,
);

/** @param server as it was locked */
export async function updateAuthorizationServerRow(
  tx: Tx,
  server: AuthorizationServer,
  { name, issuer, jwksUrl, audience, isEnabled }: ServerSettings,
): Promise<void> {
  const { rootProviderId, id, version } = server;
  const touched = await tx.count(update, [rootProviderId, id, version, name, issuer, jwksUrl, audience, isEnabled]);
  if (touched !== 1) throw new Error('a locked authorization server has changed');
}

const remove = statement<never>(
  'authorization_server.delete',
  'delete from authorization_server where root_provider_id = $1 and id = $2',
);

export async function deleteAuthorizationServerRow(tx: Tx, { rootProviderId, id }: AuthorizationServer): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

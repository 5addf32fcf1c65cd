import { randomBytes } from 'node:crypto';
import type { Place } from '../../../src/identity/actor.ts';
import { knownPermissions } from '../../../src/identity/permissions.ts';
import {
  type CustomRoleId,
  type DelegationId,
  newId,
  type OrganizationId,
  type ServiceAccountId,
  type ServiceAccountSecretId,
  type ServiceProviderId,
  type StaffMemberId,
  type StaffSessionId,
  type TrustedIssuerId,
} from '../../../src/ids.ts';
import type { TestDatabase } from '../test-database.ts';
import { plainWords, type Words } from './words.ts';

export async function insertCustomRole(
  database: TestDatabase,
  place: Place,
  permissions: readonly string[] = ['apiKey:view'],
  words: Words = plainWords,
): Promise<CustomRoleId> {
  const id = newId<'CustomRole'>();
  const name = words('role');
  await database.query(
    `insert into custom_role (root_provider_id, id, provider_id, provider_path, name, name_folded, permissions, created_at)
     values ($1, $2, $3, $4, $5, lower($5), $6, now())`,
    [place.rootProviderId, id, place.providerId, place.providerPath, name, [...knownPermissions(permissions)]],
  );
  return id;
}

export async function insertSession(
  database: TestDatabase,
  place: Place,
  staffMemberId: StaffMemberId,
): Promise<StaffSessionId> {
  const id = newId<'StaffSession'>();
  await database.query(
    `insert into staff_session (root_provider_id, id, staff_member_id, provider_path, organization_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5, now(), now() + interval '1 hour')`,
    [place.rootProviderId, id, staffMemberId, place.providerPath, place.organizationId],
  );
  return id;
}

export async function insertTrustedIssuer(
  database: TestDatabase,
  place: Place,
  words: Words = plainWords,
): Promise<TrustedIssuerId> {
  const id = newId<'TrustedIssuer'>();
  const issuer = `https://${words('issuer').replaceAll(' ', '-')}.example`;
  const mapping = JSON.stringify([{ value: words('group'), role: 'PROVIDER_VIEWER', customRoleId: null }]);
  const { rootProviderId, providerId, providerPath } = place;
  await database.query(
    `insert into trusted_issuer (root_provider_id, id, provider_id, provider_path, name, issuer, audience, client_id,
       role_claim, role_mapping, domains, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'groups', $9, array[$6], now())`,
    [
      rootProviderId,
      id,
      providerId,
      providerPath,
      words('issuer'),
      issuer,
      words('audience'),
      words('client'),
      mapping,
    ],
  );
  await database.query(
    `insert into directory_entry (kind, key, root_provider_id, target_id) values ('TRUSTED_ISSUER', $1, $2, $3)`,
    [`${issuer} ${id}`, rootProviderId, id],
  );
  return id;
}

export interface InsertedServiceAccount {
  readonly id: ServiceAccountId;
  readonly secretId: ServiceAccountSecretId;
  readonly name: string;
}

/** With one secret that nobody knows; an organization's own has asked for its key. */
export async function insertServiceAccount(
  database: TestDatabase,
  place: Place,
  permissions: readonly string[],
  words: Words = plainWords,
): Promise<InsertedServiceAccount> {
  const [id, secretId, name] = [newId<'ServiceAccount'>(), newId<'ServiceAccountSecret'>(), words('account')];
  const { rootProviderId, providerId, providerPath, organizationId } = place;
  await database.query(
    `insert into service_account (root_provider_id, id, provider_id, provider_path, organization_id, name, name_folded,
       permissions, created_at, created_by_name, last_used_at, last_used_address)
     values ($1, $2, $3, $4, $5, $6, lower($6), $7, now(), 'System', now(), '192.0.2.1')`,
    [rootProviderId, id, providerId, providerPath, organizationId, name, [...knownPermissions(permissions)]],
  );
  await database.query(
    `insert into service_account_secret (root_provider_id, id, service_account_id, provider_path, organization_id, hash,
       created_at, last_used_at)
     values ($1, $2, $3, $4, $5, $6, now(), now())`,
    [rootProviderId, secretId, id, providerPath, organizationId, randomBytes(32)],
  );
  await database.query(
    `insert into api_key_fetch (root_provider_id, organization_id, kind, service_account_id, provider_path, key_version, at)
     select k.root_provider_id, k.organization_id, k.kind, $2, k.provider_path, 0, now() from api_key k
     where k.organization_id = $1 and k.kind = 'SANDBOX_SUBMISSION'`,
    [organizationId, id],
  );
  return { id, secretId, name };
}

export interface Grant {
  readonly organizationIds: readonly OrganizationId[];
  readonly role: 'PROVIDER_ADMIN' | 'PROVIDER_SUPPORT' | 'PROVIDER_VIEWER';
  readonly granteeRootProviderId: ServiceProviderId;
  readonly granteeProviderId: ServiceProviderId;
}

/** Accepted, and good for a year. */
export async function insertDelegation(
  database: TestDatabase,
  place: Place,
  grant: Grant,
  words: Words = plainWords,
): Promise<DelegationId> {
  const id = newId<'Delegation'>();
  const { rootProviderId, providerId, providerPath } = place;
  await database.query(
    `insert into delegation (root_provider_id, id, provider_id, provider_path, provider_name, organization_ids,
       organization_provider_ids, role, grantee_root_provider_id, grantee_provider_id, grantee_provider_name, note,
       created_at, created_by_name, expires_at, accepted_at, accepted_by_name)
     select $1, $2, $3, $4, p.name, $5,
       array(select distinct o.provider_id from organization o where o.root_provider_id = $1 and o.id = any ($5)), $6,
       $7, $8, g.name, $9, now(), 'System', now() + interval '1 year', now(), 'System'
     from service_provider p, service_provider g
     where (p.root_provider_id, p.id) = ($1, $3) and (g.root_provider_id, g.id) = ($7, $8)`,
    [
      rootProviderId,
      id,
      providerId,
      providerPath,
      grant.organizationIds,
      grant.role,
      grant.granteeRootProviderId,
      grant.granteeProviderId,
      words('delegation'),
    ],
  );
  return id;
}

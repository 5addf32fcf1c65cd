import { randomBytes } from 'node:crypto';
import type { SavedFilter } from '../../src/fleet/fleet.ts';
import type { Place } from '../../src/identity/actor.ts';
import { knownPermissions } from '../../src/identity/permissions.ts';
import {
  type ApiSessionId,
  type AuthorizationServerId,
  type BulkOperationId,
  type CustomRoleId,
  type DelegationId,
  type MailRecipientId,
  newId,
  type OrganizationGroupId,
  type OrganizationId,
  type OrganizationRef,
  type RotationPolicyId,
  type ServiceAccountId,
  type ServiceAccountSecretId,
  type ServiceProviderId,
  type StaffMemberId,
  type StaffSessionId,
  type TrustedIssuerId,
  type WebhookEndpointId,
} from '../../src/ids.ts';
import type { TestDatabase } from './test-database.ts';

// Rows of tenants as the owner writes them, past every service: for tests that ask who can see them.

/** What a name, a note or an address is made of, given what it names. */
export type Words = (what: string) => string;

export const plainWords: Words = (what) => `${what} ${randomBytes(5).toString('hex')}`;

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

/** An enabled one. */
export async function insertAuthorizationServer(
  database: TestDatabase,
  { rootProviderId, providerPath, organizationId }: Place,
  words: Words = plainWords,
): Promise<AuthorizationServerId> {
  const id = newId<'AuthorizationServer'>();
  const url = `https://${words('server').replaceAll(' ', '-')}.example`;
  await database.query(
    `insert into authorization_server (root_provider_id, id, organization_id, provider_path, place, name, issuer, jwks_url,
       audience, enabled, created_at, created_by_name)
     values ($1, $2, $3, $4, 1, $5, $6, $6 || '/jwks', $7, true, now(), $8)`,
    [rootProviderId, id, organizationId, providerPath, words('server'), url, words('audience'), words('somebody')],
  );
  return id;
}

/** Calls that were counted with its key, today and before. */
export async function insertUsage(
  database: TestDatabase,
  { organizationId }: Pick<Place, 'organizationId'>,
  words: Words = plainWords,
): Promise<void> {
  const slot = `select k.root_provider_id, k.organization_id, k.kind, k.provider_path`;
  const from = `from api_key k where k.organization_id = $1 and k.kind = 'CLOUD_SERVICE'`;
  const today = `date_trunc('day', now(), 'UTC')`;
  await database.query(
    `insert into usage_counter (root_provider_id, organization_id, kind, provider_path, window_start, used, hour, hour_calls,
       threshold, last_used_at, last_used_address)
     ${slot}, ${today}, 8, date_trunc('hour', now(), 'UTC'), 8, 10, now(), $2 ${from}`,
    [organizationId, words('address')],
  );
  for (const [table, at, since] of [
    ['usage_hour', 'hour', '1 hour'],
    ['usage_day', 'day', '40 days'],
  ]) {
    await database.query(
      `insert into ${table} (root_provider_id, organization_id, kind, provider_path, ${at}, calls)
       ${slot}, ${today} - interval '${since}', 5 ${from}`,
      [organizationId],
    );
  }
  await database.query(
    `insert into usage_notice (root_provider_id, organization_id, kind, provider_path, window_start, percent, used, threshold, at,
       told_at)
     ${slot}, ${today}, 75, 8, 10, now(), now() ${from}`,
    [organizationId],
  );
}

/** One that lives, and has for an hour to come, of an organization that has a key; with the time that it was opened with. */
export async function insertApiSession(
  database: TestDatabase,
  { rootProviderId, providerPath, organizationId }: Place,
  staffMemberId: StaffMemberId,
  words: Words = plainWords,
): Promise<ApiSessionId> {
  const id = newId<'ApiSession'>();
  await database.query(
    `insert into api_session (root_provider_id, id, organization_id, provider_path, staff_member_id, username, secret_hash,
       slot_version, session_epoch, created_at, last_used_at, ip_address, user_agent)
     select $1, $2, $3, $4, m.id, $6, $7, k.version, m.session_epoch, now(), now() + interval '1 hour', '192.0.2.1', $8
     from api_key k, staff_member m
     where k.organization_id = $3 and k.kind = 'CLOUD_SERVICE' and m.id = $5`,
    [rootProviderId, id, organizationId, providerPath, staffMemberId, words('user'), randomBytes(32), words('client')],
  );
  await database.query(
    `insert into api_login (root_provider_id, organization_id, timestamp_ms, provider_path, at) values ($1, $2, $3, $4, now())
     on conflict do nothing`,
    [rootProviderId, organizationId, Date.now(), providerPath],
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

/** Its members by hand, or what a group by filter keeps. */
type GroupContent = readonly OrganizationId[] | SavedFilter;

export async function insertOrganizationGroup(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  content: GroupContent,
  words: Words = plainWords,
): Promise<OrganizationGroupId> {
  const id = newId<'OrganizationGroup'>();
  const [members, filter] = 'search' in content ? [[], JSON.stringify(content)] : [content, null];
  await database.query(
    `insert into organization_group (root_provider_id, id, provider_id, provider_path, name, name_folded, filter, created_at,
       created_by_name)
     values ($1, $2, $3, $4, $5, lower($5), $6, now(), 'System')`,
    [rootProviderId, id, providerId, providerPath, words('group'), filter],
  );
  await database.query(
    `insert into organization_group_member (root_provider_id, group_id, organization_id, provider_path)
     select $1, $2, unnest($3::uuid[]), $4`,
    [rootProviderId, id, members, providerPath],
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

/** What every kind of operation asks for, of one that asks for all of it. */
const allTerms = {
  kind: 'SYNC_API_KEY',
  keyKind: 'CLOUD_SERVICE',
  fingerprint: '0'.repeat(64),
  reason: 'OTHER',
  endsAt: '2030-01-01T00:00:00Z',
  overlap: { minutes: 60, graceMinutes: 15 },
};

/** One that waits for approval, about one organization, which has refused; and one that was rejected. */
export async function insertBulkOperation(
  database: TestDatabase,
  place: Place,
  organization: OrganizationRef,
  words: Words = plainWords,
): Promise<BulkOperationId> {
  const id = newId<'BulkOperation'>();
  const { rootProviderId, providerPath, organizationId } = place;
  await database.query(
    `insert into bulk_operation (root_provider_id, id, provider_path, organization_id, kind, atomicity, dry_run, status, input,
       actor, created_by_name, request_id, total, done_through, refused, created_at, started_at, cancel_requested_at, failure,
       approval, approval_expires_at, run_at, run_until)
     values ($1, $2, $3, $4, 'SYNC_API_KEY', 'PER_ORGANIZATION', false, 'PENDING', $8, '{}', $5, $6, 1, 1, 1, now(), now(),
       now(), $7, 'PENDING', now() + interval '1 day', now() + interval '1 year', now() + interval '2 years')`,
    [
      ...[rootProviderId, id, providerPath, organizationId, words('somebody'), words('request'), words('failure')],
      JSON.stringify({ ...allTerms, note: words('terms'), policy: words('policy') }),
    ],
  );
  await database.query(
    `insert into bulk_operation (root_provider_id, id, provider_path, kind, atomicity, dry_run, status, input, actor,
       created_by_name, request_id, total, created_at, started_at, finished_at, failure, approval, approval_expires_at,
       decided_at, decided_by_name, decision_note)
     values ($1, $2, $3, 'SYNC_API_KEY', 'PER_ORGANIZATION', false, 'CANCELLED', '{}', '{}', $4, $5, 1, now(), now(), now(),
       $6, 'REJECTED', now(), now(), $7, $8)`,
    [
      rootProviderId,
      newId(),
      providerPath,
      words('somebody'),
      words('request'),
      words('failure'),
      words('other'),
      words('note'),
    ],
  );
  await database.query(
    `insert into bulk_item (root_provider_id, operation_id, position, provider_path, organization_id, outcome, code, message)
     values ($1, $2, 1, $3, $4, 'REFUSED', 'KEY_NOT_FOUND', $5)`,
    [rootProviderId, id, providerPath, organization.organizationId, words('message')],
  );
  return id;
}

/** Of a file that a provider imports. */
export async function insertImportRow(
  database: TestDatabase,
  { rootProviderId, providerPath }: Place,
  operation: BulkOperationId,
  words: Words = plainWords,
): Promise<void> {
  await database.query(
    `insert into import_row (root_provider_id, operation_id, position, row_number, provider_path, cells)
     values ($1, $2, 1, 2, $3, $4)`,
    [rootProviderId, operation, providerPath, [words('cell')]],
  );
}

/** One that has ended, of a file of one row, which was refused. */
export async function insertImport(
  database: TestDatabase,
  { rootProviderId, providerPath, providerId: serviceProviderId }: Place,
  words: Words = plainWords,
): Promise<BulkOperationId> {
  const id = newId<'BulkOperation'>();
  await database.query(
    `insert into bulk_operation (root_provider_id, id, provider_path, kind, atomicity, dry_run, status, input, actor,
       created_by_name, request_id, total, refused, created_at, started_at, finished_at, failure)
     values ($1, $2, $3, 'IMPORT_ORGANIZATIONS', 'ALL_OR_NOTHING', false, 'FAILED', $4, '{}', $5, $6, 1, 1, now(), now(), now(), $7)`,
    [
      rootProviderId,
      id,
      providerPath,
      JSON.stringify({ serviceProviderId }),
      words('somebody'),
      words('request'),
      words('failure'),
    ],
  );
  const errors = [{ row: 2, column: 'name', code: 'DUPLICATE_NAME', message: words('message') }];
  await database.query(
    `insert into import_row (root_provider_id, operation_id, provider_path, position, row_number, cells, outcome, errors)
     values ($1, $2, $3, 1, 2, $4, 'REFUSED', $5)`,
    [rootProviderId, id, providerPath, [words('name'), '', '', '', '', '', ''], JSON.stringify(errors)],
  );
  return id;
}

/** One that has been told of something about an organization, and one that is disabled. */
export async function insertWebhookEndpoint(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<WebhookEndpointId> {
  const [id, disabledId] = [newId<'WebhookEndpoint'>(), newId<'WebhookEndpoint'>()];
  const sealed = await sealedNowhere(database, rootProviderId);
  for (const [endpointId, disabled] of [
    [id, 'null, null'],
    [disabledId, "now(), 'GONE'"],
  ] as const) {
    const url = `https://${words('hook').replaceAll(' ', '-')}.example/`;
    await database.query(
      `insert into webhook_endpoint (root_provider_id, id, provider_id, provider_path, name, url, events, organization_ids,
         ciphertext, data_key_version, previous_secret_until, cursor, failing_since, created_at, created_by_name, disabled_at,
         disabled_reason)
       values ($1, $2, $3, $4, $5, $6, '{api_key.added,api_key.regenerated}', $7, $8, $9, now(), 1e9, now(), now(), $10,
         ${disabled})`,
      [
        ...[rootProviderId, endpointId, providerId, providerPath, words('endpoint'), url, [organizationId]],
        ...[sealed.ciphertext, sealed.version, words('somebody')],
      ],
    );
  }
  await database.query(
    `insert into webhook_delivery (root_provider_id, endpoint_id, event_id, sequence, provider_path, organization_id, lane, type,
       status, attempts, created_at, first_attempt_at, last_attempt_at, response_status, error, delivered_at)
     values ($1, $2, $3, 1, $4, $5, $5, 'api_key.added', 'DELIVERED', 1, now(), now(), now(), 204, $6, now()),
       ($1, $2, $7, 2, $4, $5, $5, 'api_key.regenerated', 'PENDING', 1, now(), now(), now(), 500, $6, null)`,
    [rootProviderId, id, newId(), providerPath, organizationId, words('error'), newId()],
  );
  await database.query(
    `insert into webhook_lane (root_provider_id, endpoint_id, lane, provider_path, pending, next_attempt_at)
     values ($1, $2, $3, $4, 1, now() + interval '1 day')`,
    [rootProviderId, id, organizationId, providerPath],
  );
  return id;
}

/** The string of its key works beside another one that is the same, and that was used. */
export async function insertOverlap(database: TestDatabase, { organizationId }: OrganizationRef): Promise<void> {
  await database.query(
    `update api_key set previous_ciphertext = ciphertext, previous_data_key_version = data_key_version,
       previous_key_version = key_version, previous_fingerprint = fingerprint, overlap_version = version,
       overlap_ends_at = now() + interval '1 hour', overlap_grace_minutes = 15, overlap_first_used_at = now()
     where organization_id = $1 and fingerprint is not null`,
    [organizationId],
  );
}

/** One that only tells; and that it has told of the organization's key. */
export async function insertRotationPolicy(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<RotationPolicyId> {
  const id = newId<'RotationPolicy'>();
  await database.query(
    `insert into rotation_policy (root_provider_id, id, provider_id, provider_path, name, maximum_age_days, mode, window_days,
       window_from_hour, window_to_hour, time_zone, notice_days, shared_string, overlap_minutes, overlap_grace_minutes, enabled,
       created_at, created_by_name)
     values ($1, $2, $3, $4, $5, 90, 'NOTIFY', '{7}', 1, 5, 'Europe/Berlin', '{14,7}', false, 0, 15, true, now(), $6)`,
    [rootProviderId, id, providerId, providerPath, words('policy'), words('somebody')],
  );
  await database.query(
    `insert into rotation_notice (root_provider_id, organization_id, kind, key_version, since, lead_days, provider_path, at)
     select k.root_provider_id, k.organization_id, k.kind, 1, now(), 14, k.provider_path, now() from api_key k
     where k.organization_id = $1 and k.kind = 'CLOUD_SERVICE'`,
    [organizationId],
  );
  return id;
}

/** One that is told of something about an organization, and one that is disabled. */
export async function insertMailRecipient(
  database: TestDatabase,
  { rootProviderId, providerId, providerPath }: Place,
  { organizationId }: OrganizationRef,
  words: Words = plainWords,
): Promise<MailRecipientId> {
  const [id, disabledId] = [newId<'MailRecipient'>(), newId<'MailRecipient'>()];
  for (const [recipientId, disabled] of [
    [id, 'null, null'],
    [disabledId, "now(), 'FAILING'"],
  ] as const) {
    const address = `${words('address').replaceAll(/[^a-zA-Z0-9]/g, '-')}@example.com`;
    await database.query(
      `insert into mail_recipient (root_provider_id, id, provider_id, provider_path, address, events, organization_ids, digest,
         cursor, due_at, through, attempts, last_sent_at, failing_since, error, created_at, created_by_name, disabled_at,
         disabled_reason)
       values ($1, $2, $3, $4, $5, '{api_key.added,api_key.regenerated}', $6, 'DAILY', 1e9, now() + interval '1 hour', 1e9, 1,
         now(), now(), $7, now(), $8, ${disabled})`,
      [
        ...[rootProviderId, recipientId, providerId, providerPath, address, [organizationId]],
        ...[words('error'), words('somebody')],
      ],
    );
  }
  return id;
}

/** That the end of an organization's subscription was told of. */
export async function insertSubscriptionNotice(
  database: TestDatabase,
  { organizationId }: OrganizationRef,
): Promise<void> {
  await database.query(
    `insert into subscription_notice (root_provider_id, subscription_id, ends_at, lead_days, organization_id, provider_path, at)
     select root_provider_id, id, ends_at, 30, organization_id, provider_path, now() from subscription
     where organization_id = $1 and superseded_at is null on conflict do nothing`,
    [organizationId],
  );
}

/** Bytes that open nowhere, under a data key that there is. */
async function sealedNowhere({ query }: TestDatabase, rootProviderId: ServiceProviderId) {
  const [key] = await query<{ version: number }>(
    `select max(version) as version from data_key where root_provider_id = $1 and purpose = 'ENCRYPTION'`,
    [rootProviderId],
  );
  return { ciphertext: randomBytes(64), version: key?.version ?? 1 };
}

/** Every event of the trail is in its root's chain, and one waits for it, whether or not a worker has been there. */
export async function insertAuditLinks(database: TestDatabase): Promise<void> {
  await database.query(
    `insert into audit_unsealed (root_provider_id, event_id)
     select distinct on (root_provider_id) root_provider_id, id from audit_event on conflict do nothing`,
  );
  await database.query(
    `insert into audit_link (root_provider_id, sequence, event_id, hash)
     select root_provider_id, 1000000 + row_number() over (partition by root_provider_id order by id), id, sha256('')
     from audit_event on conflict do nothing`,
  );
  await database.query(
    `insert into audit_chain (root_provider_id, sequence, hash, sealed_at)
     select distinct root_provider_id, 1, sha256(''), now() from audit_event on conflict do nothing`,
  );
}

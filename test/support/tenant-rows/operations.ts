import type { SavedFilter } from '../../../src/fleet/fleet.ts';
import type { Place } from '../../../src/identity/actor.ts';
import {
  type BulkOperationId,
  newId,
  type OrganizationGroupId,
  type OrganizationId,
  type OrganizationRef,
} from '../../../src/ids.ts';
import type { TestDatabase } from '../test-database.ts';
import { plainWords, type Words } from './words.ts';

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

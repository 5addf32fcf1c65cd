import type { ApiKeyKind } from '../api-key/api-key.ts';
import { sealingContext } from '../api-key/api-key-slot.ts';
import { sealingContextOf } from '../bulk-operation/bulk-operation-row.ts';
import type { Tx } from '../database/database.ts';
import { type Statement, statement } from '../database/statement.ts';
import {
  type BulkOperationId,
  NIL_ID,
  type OrganizationId,
  type ServiceProviderId,
  type TrustedIssuerId,
  type WebhookEndpointId,
} from '../ids.ts';
import type { Sealed } from '../secrets/tenant-keys.ts';
import { secretContext } from '../single-sign-on/trusted-issuer.ts';
import { secretContextOf } from '../webhook/webhook-endpoint.ts';

/** Something sealed, and where: what is sealed for one place opens at no other. */
export interface SealedRow {
  /** The primary key after the root provider, in its order. */
  readonly place: readonly string[];
  readonly context: string;
  readonly sealed: Sealed;
}

/**
 * A column that data keys seal, and its table. Whoever adds one lists it below and in `data_key.delete_unused`: a test
 * compares the list with the foreign keys of the database.
 */
export interface SealedTable {
  readonly name: string;
  /** Before every place. */
  readonly start: readonly string[];
  /** Locks the next rows after a place that an older version seals, in the order of places: that of all who lock many. */
  lockNext(
    tx: Tx,
    rootProviderId: ServiceProviderId,
    newest: number,
    after: readonly string[],
    most: number,
  ): Promise<SealedRow[]>;
  /** Nothing but ciphertext and data key version changes: to everybody else it is the row that it was. */
  write(tx: Tx, rootProviderId: ServiceProviderId, rows: readonly SealedRow[]): Promise<void>;
}

interface LockedString extends Sealed {
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
  readonly keyVersion: number;
}

/** Strings of keys, each sealed for its slot and its version. */
function stringsOfKeys(lock: Statement<LockedString>, reseal: Statement<never>): SealedTable {
  return {
    name: 'api_key',
    start: [NIL_ID, 'CLOUD_SERVICE'],
    lockNext: async (tx, rootProviderId, newest, after, most) => {
      const rows = await tx.rows(lock, [rootProviderId, newest, ...after, most]);
      return rows.map(({ organizationId, kind, keyVersion, ...sealed }) => ({
        place: [organizationId, kind],
        context: sealingContext({ rootProviderId, organizationId, kind }, keyVersion),
        sealed,
      }));
    },
    write: (tx, rootProviderId, rows) => write(tx, reseal, rootProviderId, rows),
  };
}

/** What stands in a row with an id, sealed for that. */
function oneOfEachRow<Id extends string>(
  name: string,
  lock: Statement<Sealed & { readonly id: Id }>,
  reseal: Statement<never>,
  contextOf: (id: Id) => string,
): SealedTable {
  return {
    name,
    start: [NIL_ID],
    lockNext: async (tx, rootProviderId, newest, after, most) => {
      const rows = await tx.rows(lock, [rootProviderId, newest, ...after, most]);
      return rows.map(({ id, ...sealed }) => ({ place: [id], context: contextOf(id), sealed }));
    },
    write: (tx, rootProviderId, rows) => write(tx, reseal, rootProviderId, rows),
  };
}

async function write(
  tx: Tx,
  reseal: Statement<never>,
  rootProviderId: ServiceProviderId,
  rows: readonly SealedRow[],
): Promise<void> {
  await tx.count(reseal, [rootProviderId, ...columnsOf(rows)]);
}

const lockApiKeys = statement<LockedString>(
  'api_key.lock_sealed',
  `select organization_id as "organizationId", kind, key_version as "keyVersion", ciphertext,
     data_key_version as "dataKeyVersion"
   from api_key
   where root_provider_id = $1 and data_key_version < $2 and (organization_id, kind) > ($3::uuid, $4::api_key_kind)
   order by organization_id, kind limit $5 for no key update`,
);

const resealApiKeys = statement<never>(
  'api_key.reseal',
  `update api_key k set ciphertext = s.ciphertext, data_key_version = s.data_key_version
   from unnest($2::bytea[], $3::int[], $4::uuid[], $5::api_key_kind[])
     s (ciphertext, data_key_version, organization_id, kind)
   where k.root_provider_id = $1 and k.organization_id = s.organization_id and k.kind = s.kind`,
);

const apiKeys = stringsOfKeys(lockApiKeys, resealApiKeys);

const lockPreviousStrings = statement<LockedString>(
  'api_key.lock_sealed_previous',
  `select organization_id as "organizationId", kind, previous_key_version as "keyVersion",
     previous_ciphertext as ciphertext, previous_data_key_version as "dataKeyVersion"
   from api_key
   where root_provider_id = $1 and previous_data_key_version < $2 and (organization_id, kind) > ($3::uuid, $4::api_key_kind)
   order by organization_id, kind limit $5 for no key update`,
);

const resealPreviousStrings = statement<never>(
  'api_key.reseal_previous',
  `update api_key k set previous_ciphertext = s.ciphertext, previous_data_key_version = s.data_key_version
   from unnest($2::bytea[], $3::int[], $4::uuid[], $5::api_key_kind[])
     s (ciphertext, data_key_version, organization_id, kind)
   where k.root_provider_id = $1 and k.organization_id = s.organization_id and k.kind = s.kind`,
);

/** Strings that still work beside the ones that replaced them. */
const previousStrings = stringsOfKeys(lockPreviousStrings, resealPreviousStrings);

const lockTrustedIssuers = statement<Sealed & { readonly id: TrustedIssuerId }>(
  'trusted_issuer.lock_sealed',
  `select id, client_secret as ciphertext, data_key_version as "dataKeyVersion" from trusted_issuer
   where root_provider_id = $1 and data_key_version < $2 and id > $3 order by id limit $4 for update`,
);

const resealTrustedIssuers = statement<never>(
  'trusted_issuer.reseal',
  `update trusted_issuer i set client_secret = s.ciphertext, data_key_version = s.data_key_version
   from unnest($2::bytea[], $3::int[], $4::uuid[]) s (ciphertext, data_key_version, id)
   where i.root_provider_id = $1 and i.id = s.id`,
);

const trustedIssuers = oneOfEachRow('trusted_issuer', lockTrustedIssuers, resealTrustedIssuers, secretContext);

const lockBulkOperations = statement<Sealed & { readonly id: BulkOperationId }>(
  'bulk_operation.lock_sealed',
  `select id, ciphertext, data_key_version as "dataKeyVersion" from bulk_operation
   where root_provider_id = $1 and data_key_version < $2 and id > $3 order by id limit $4 for update`,
);

const resealBulkOperations = statement<never>(
  'bulk_operation.reseal',
  `update bulk_operation b set ciphertext = s.ciphertext, data_key_version = s.data_key_version
   from unnest($2::bytea[], $3::int[], $4::uuid[]) s (ciphertext, data_key_version, id)
   where b.root_provider_id = $1 and b.id = s.id`,
);

/** The string of a sync, until it has ended. */
const bulkOperations = oneOfEachRow('bulk_operation', lockBulkOperations, resealBulkOperations, (id) =>
  sealingContextOf({ id }),
);

const lockWebhookEndpoints = statement<Sealed & { readonly id: WebhookEndpointId }>(
  'webhook_endpoint.lock_sealed',
  `select id, ciphertext, data_key_version as "dataKeyVersion" from webhook_endpoint
   where root_provider_id = $1 and data_key_version < $2 and id > $3 order by id limit $4 for update`,
);

const resealWebhookEndpoints = statement<never>(
  'webhook_endpoint.reseal',
  `update webhook_endpoint e set ciphertext = s.ciphertext, data_key_version = s.data_key_version
   from unnest($2::bytea[], $3::int[], $4::uuid[]) s (ciphertext, data_key_version, id)
   where e.root_provider_id = $1 and e.id = s.id`,
);

const webhookEndpoints = oneOfEachRow(
  'webhook_endpoint',
  lockWebhookEndpoints,
  resealWebhookEndpoints,
  secretContextOf,
);

/** Everything that data keys seal. */
export const sealedTables: readonly SealedTable[] = [
  apiKeys,
  previousStrings,
  trustedIssuers,
  bulkOperations,
  webhookEndpoints,
];

/** Ciphertexts, versions, and then one array for each column of the places. */
function columnsOf(rows: readonly SealedRow[]): unknown[] {
  const places = (rows[0]?.place ?? []).map((_, column) => rows.map(({ place }) => place[column]));
  return [rows.map(({ sealed }) => sealed.ciphertext), rows.map(({ sealed }) => sealed.dataKeyVersion), ...places];
}

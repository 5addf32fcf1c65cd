import type { JWK } from 'jose';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** A key that signs the heads of chains, its private half wrapped by the key encryption key. */
export interface AuditKeyRow {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly keyEncryptionKeyId: string;
  readonly wrapped: Buffer;
}

const list = statement<AuditKeyRow>(
  'audit_key.list',
  `select id, public_jwk as "publicJwk", key_encryption_key_id as "keyEncryptionKeyId", wrapped_private_key as wrapped
   from signing_key where purpose = 'AUDIT_TRAIL' order by created_at, id`,
);

/** The oldest first. */
export function findAuditKeys(tx: Tx): Promise<AuditKeyRow[]> {
  return tx.rows(list, []);
}

const insert = statement<never>(
  'audit_key.insert',
  `insert into signing_key (id, purpose, public_jwk, key_encryption_key_id, wrapped_private_key, created_at)
   values ($1, 'AUDIT_TRAIL', $2, $3, $4, $5)`,
);

export async function insertAuditKey(tx: Tx, key: AuditKeyRow, now: Date): Promise<void> {
  await tx.count(insert, [key.id, key.publicJwk, key.keyEncryptionKeyId, key.wrapped, now]);
}

const serialize = statement<never>(
  'audit_key.serialize',
  `select pg_advisory_xact_lock(hashtext('keyward.audit_key'), 0)`,
);

/** Until the transaction ends nobody else makes such a key. */
export async function serializeAuditKeys(tx: Tx): Promise<void> {
  await tx.rows(serialize, []);
}

import type { JWK } from 'jose';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';

export interface SigningKeyRow {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly keyEncryptionKeyId: string;
  readonly wrappedPrivateKey: Buffer;
}

const list = statement<SigningKeyRow>(
  'signing_key.list',
  `select id, public_jwk as "publicJwk", key_encryption_key_id as "keyEncryptionKeyId",
     wrapped_private_key as "wrappedPrivateKey" from signing_key order by created_at desc, id`,
);

/** The newest first. */
export function listSigningKeys(tx: Tx): Promise<SigningKeyRow[]> {
  return tx.rows(list, []);
}

const insert = statement<never>(
  'signing_key.insert',
  `insert into signing_key (id, public_jwk, key_encryption_key_id, wrapped_private_key, created_at)
   values ($1, $2, $3, $4, $5)`,
);

export async function insertSigningKey(tx: Tx, key: SigningKeyRow, now: Date): Promise<void> {
  await tx.count(insert, [key.id, key.publicJwk, key.keyEncryptionKeyId, key.wrappedPrivateKey, now]);
}

const lockAll = statement<never>(
  'signing_key.serialize',
  `select pg_advisory_xact_lock(hashtext('keyward.signing_key'))`,
);

/** Processes that start together make one key, not one each. */
export async function serializeSigningKeys(tx: Tx): Promise<void> {
  await tx.rows(lockAll, []);
}

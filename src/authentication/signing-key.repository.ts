import type { JWK } from 'jose';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** The public half of a key with which some process signs access tokens. */
export interface SigningKeyRow {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly createdAt: Date;
  /** When nothing that it signed holds any more. */
  readonly expiresAt: Date;
}

const list = statement<SigningKeyRow>(
  'signing_key.list',
  `select id, public_jwk as "publicJwk", created_at as "createdAt", expires_at as "expiresAt"
   from signing_key where purpose = 'ACCESS_TOKEN' and expires_at > $1 order by created_at desc, id`,
);

/** The newest first. */
export function listSigningKeys(tx: Tx, now: Date): Promise<SigningKeyRow[]> {
  return tx.rows(list, [now]);
}

const insert = statement<never>(
  'signing_key.insert',
  `insert into signing_key (id, purpose, public_jwk, created_at, expires_at) values ($1, 'ACCESS_TOKEN', $2, $3, $4)`,
);

export async function insertSigningKey(tx: Tx, key: SigningKeyRow): Promise<void> {
  await tx.count(insert, [key.id, key.publicJwk, key.createdAt, key.expiresAt]);
}

const removeExpired = statement<never>('signing_key.delete_expired', 'delete from signing_key where expires_at <= $1');

export async function deleteExpiredSigningKeys(tx: Tx, now: Date): Promise<void> {
  await tx.count(removeExpired, [now]);
}

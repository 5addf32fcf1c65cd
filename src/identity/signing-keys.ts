import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importJWK, importPKCS8 } from 'jose';
import type { Database, Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { newId } from '../ids.ts';
import type { KeyEncryptionKey } from '../secrets/key-encryption-key.ts';
import {
  insertSigningKey,
  listSigningKeys,
  type SigningKeyRow,
  serializeSigningKeys,
} from './signing-key.repository.ts';

export const SIGNING_ALGORITHM = 'EdDSA';

/** The platform's keys for access tokens: the newest signs, every one of them verifies. */
export interface SigningKeys {
  readonly current: { readonly id: string; readonly privateKey: CryptoKey };
  readonly publicKeys: ReadonlyMap<string, CryptoKey>;
}

/** Makes the first key when there is none. */
export function loadSigningKeys(
  database: Database,
  keyEncryptionKey: KeyEncryptionKey,
  now: Date,
): Promise<SigningKeys> {
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    let rows = await listSigningKeys(tx);
    if (rows.length === 0) {
      await serializeSigningKeys(tx);
      rows = await listSigningKeys(tx);
    }
    if (rows.length === 0) rows = [await createSigningKey(tx, keyEncryptionKey, now)];
    return unwrap(rows, keyEncryptionKey);
  });
}

async function createSigningKey(tx: Tx, keyEncryptionKey: KeyEncryptionKey, now: Date): Promise<SigningKeyRow> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { crv: 'Ed25519', extractable: true });
  const id = newId<'SigningKey'>();
  const row = {
    id,
    publicJwk: { ...(await exportJWK(publicKey)), kid: id, alg: SIGNING_ALGORITHM, use: 'sig' },
    keyEncryptionKeyId: keyEncryptionKey.id,
    wrappedPrivateKey: await keyEncryptionKey.wrap(Buffer.from(await exportPKCS8(privateKey)), contextOf(id)),
  };
  await insertSigningKey(tx, row, now);
  return row;
}

async function unwrap(rows: readonly SigningKeyRow[], keyEncryptionKey: KeyEncryptionKey): Promise<SigningKeys> {
  const [newest] = rows;
  if (newest === undefined) throw new Error('there is no signing key');
  const pkcs8 = await keyEncryptionKey.unwrap(newest.wrappedPrivateKey, contextOf(newest.id));
  const privateKey = await importPKCS8(pkcs8.toString(), SIGNING_ALGORITHM);
  const publicKeys = new Map<string, CryptoKey>();
  for (const row of rows) {
    const key = await importJWK(row.publicJwk, SIGNING_ALGORITHM);
    if (key instanceof Uint8Array) throw new Error(`signing key ${row.id} is no public key`);
    publicKeys.set(row.id, key);
  }
  return { current: { id: newest.id, privateKey }, publicKeys };
}

function contextOf(id: string): string {
  return ['signing-key', id].join('|');
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK } from 'jose';
import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { newId } from '../ids.ts';
import { signingKeyContext } from '../secrets/data-key.ts';
import type { KeyEncryptionKeys } from '../secrets/key-encryption-keys.ts';
import { AUDIT_KEY_ALGORITHM, type AuditSigningKey } from './audit-head.ts';
import { type AuditKeyRow, findAuditKeys, insertAuditKey, serializeAuditKeys } from './audit-key.repository.ts';

/**
 * The key with which this installation signs how far its chains go; made when there is none. Null without the key
 * encryption key: then chains grow unsigned.
 * @throws Error when its row was changed by somebody without that key
 */
export async function openAuditSigningKey(
  { database, keyRing: { keyEncryptionKeys } }: Pick<Services, 'database' | 'keyRing'>,
  now: Date,
): Promise<AuditSigningKey | null> {
  if (keyEncryptionKeys.currentId === null) return null;
  const row = await database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    await serializeAuditKeys(tx);
    const rows = await findAuditKeys(tx);
    return rows.at(-1) ?? makeAuditKey(tx, keyEncryptionKeys, now);
  });
  return { id: row.id, privateKey: await unwrap(keyEncryptionKeys, row) };
}

async function makeAuditKey(tx: Tx, keyEncryptionKeys: KeyEncryptionKeys, now: Date): Promise<AuditKeyRow> {
  const id = newId<'SigningKey'>();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: AUDIT_KEY_ALGORITHM, use: 'sig' };
  const wrapped = await keyEncryptionKeys.wrap(
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    signingKeyContext(id),
  );
  const row = { id, publicJwk, ...wrapped };
  await insertAuditKey(tx, row, now);
  return row;
}

/** The keys that heads may be signed by, and how far they are to be believed. */
export interface AuditPublicKeys {
  readonly byId: ReadonlyMap<string, KeyObject>;
  /** Ids of those whose row somebody has changed who does not have the key encryption key. */
  readonly changed: readonly string[];
  /** False when the public halves are those of the rows, which a superuser can swap. */
  readonly areProven: boolean;
}

/** Without a key encryption key the public halves are taken on trust. */
export async function loadAuditPublicKeys(tx: Tx, keyEncryptionKeys: KeyEncryptionKeys): Promise<AuditPublicKeys> {
  const areProven = keyEncryptionKeys.currentId !== null;
  const byId = new Map<string, KeyObject>();
  const changed: string[] = [];
  for (const row of await findAuditKeys(tx)) {
    const given = publicHalf(row);
    const key = areProven ? await unwrap(keyEncryptionKeys, row).then(createPublicKey, () => null) : given;
    if (key === null || given?.equals(key) !== true) changed.push(row.id);
    if (key !== null) byId.set(row.id, key);
  }
  return { byId, changed, areProven };
}

function publicHalf({ publicJwk }: AuditKeyRow): KeyObject | null {
  try {
    return createPublicKey({ key: publicJwk, format: 'jwk' });
  } catch {
    return null;
  }
}

async function unwrap(keyEncryptionKeys: KeyEncryptionKeys, row: AuditKeyRow): Promise<KeyObject> {
  const der = await keyEncryptionKeys.unwrap(row, signingKeyContext(row.id));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

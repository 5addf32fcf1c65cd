import { randomBytes } from 'node:crypto';
import type { Tx } from '../database/database.ts';
import type { ServiceProviderId } from '../ids.ts';
import { SetupError } from '../setup-error.ts';
import {
  type DataKeyPurpose,
  type DataKeyRow,
  findDataKeys,
  insertDataKey,
  serializeDataKeys,
} from './data-key.repository.ts';
import type { KeyEncryptionKey } from './key-encryption-key.ts';
import { TenantKeys } from './tenant-keys.ts';

const DATA_KEY_BYTES = 32;

/** Every root provider's own keys, unwrapped once and then kept in memory. */
export class KeyRing {
  readonly #keyEncryptionKey: KeyEncryptionKey;
  readonly #unwrapped = new Map<ServiceProviderId, TenantKeys>();

  constructor(keyEncryptionKey: KeyEncryptionKey) {
    this.#keyEncryptionKey = keyEncryptionKey;
  }

  /** @param dataKeyVersion a version that must be among them: another process may have added it since */
  async of(tx: Tx, rootProviderId: ServiceProviderId, dataKeyVersion?: number): Promise<TenantKeys> {
    const known = this.#unwrapped.get(rootProviderId);
    if (known && (dataKeyVersion === undefined || known.knows(dataKeyVersion))) return known;
    const keys = await this.#load(tx, rootProviderId);
    this.#unwrapped.set(rootProviderId, keys);
    return keys;
  }

  /** Makes a new root provider's keys, in the transaction that creates it. */
  async create(tx: Tx, rootProviderId: ServiceProviderId, now: Date): Promise<void> {
    for (const purpose of ['ENCRYPTION', 'FINGERPRINT'] as const) {
      const wrapped = await this.#keyEncryptionKey.wrap(
        randomBytes(DATA_KEY_BYTES),
        contextOf(rootProviderId, purpose, 1),
      );
      const row = { purpose, version: 1, keyEncryptionKeyId: this.#keyEncryptionKey.id, wrapped };
      await insertDataKey(tx, rootProviderId, row, now);
    }
  }

  /** Makes the keys unless they are there. @throws SetupError when another key encryption key wrapped those that are */
  async ensure(tx: Tx, rootProviderId: ServiceProviderId, now: Date): Promise<void> {
    await serializeDataKeys(tx, rootProviderId);
    const rows = await findDataKeys(tx, rootProviderId);
    if (rows.length === 0) await this.create(tx, rootProviderId, now);
    if (rows.every((row) => row.keyEncryptionKeyId === this.#keyEncryptionKey.id)) return;
    throw new SetupError(
      'The key encryption key is not the one that this database was set up with: restore that one (KEYWARD_KEY_ENCRYPTION_KEY, …_FILE, or the file key-encryption-key of the data directory).',
    );
  }

  async #load(tx: Tx, rootProviderId: ServiceProviderId): Promise<TenantKeys> {
    const encryptionKeys = new Map<number, Buffer>();
    let fingerprintKey: Buffer | undefined;
    for (const row of await findDataKeys(tx, rootProviderId)) {
      const key = await this.#unwrap(rootProviderId, row);
      if (row.purpose === 'ENCRYPTION') encryptionKeys.set(row.version, key);
      else fingerprintKey = key;
    }
    if (fingerprintKey === undefined) throw new Error(`root provider ${rootProviderId} has no data keys`);
    return new TenantKeys(encryptionKeys, fingerprintKey);
  }

  #unwrap(rootProviderId: ServiceProviderId, row: DataKeyRow): Promise<Buffer> {
    return this.#keyEncryptionKey.unwrap(row.wrapped, contextOf(rootProviderId, row.purpose, row.version));
  }
}

function contextOf(rootProviderId: ServiceProviderId, purpose: DataKeyPurpose, version: number): string {
  return ['data-key', rootProviderId, purpose, version].join('|');
}

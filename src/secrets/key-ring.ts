import type { Tx } from '../database/database.ts';
import { isForeignKeyViolation } from '../database/transaction.ts';
import type { ServiceProviderId } from '../ids.ts';
import { SetupError } from '../setup-error.ts';
import { findDataKeys, findKeyEncryptionKeyIds, insertDataKey, serializeDataKeys } from './data-key.repository.ts';
import { dataKeyContext, makeDataKey } from './data-key.ts';
import { type KeyEncryptionKeys, secretsUnavailable } from './key-encryption-keys.ts';
import { TenantKeys } from './tenant-keys.ts';

/** After so long the database is asked again: a rotation may have made a newer key. */
const KEPT_FOR_MS = 30_000;
/** Every foreign key to `data_key` has this in its name: it is the names of its columns. */
const REFERENCE_TO_DATA_KEY = /_data_key_purpose_data_key_/;

/** Every root provider's own keys, unwrapped and then kept in memory for a while. */
export class KeyRing {
  readonly keyEncryptionKeys: KeyEncryptionKeys;
  readonly #unwrapped = new Map<ServiceProviderId, { readonly keys: TenantKeys; readonly since: number }>();

  constructor(keyEncryptionKeys: KeyEncryptionKeys) {
    this.keyEncryptionKeys = keyEncryptionKeys;
  }

  /** False while the installation has no key encryption key: then nothing can be sealed, opened or fingerprinted. */
  get isAvailable(): boolean {
    return this.keyEncryptionKeys.currentId !== null;
  }

  /**
   * @param dataKeyVersion a version that must be among them: another process may have added it since
   * @throws DomainError `SECRETS_UNAVAILABLE` without the key that wrapped them
   */
  async of(tx: Tx, rootProviderId: ServiceProviderId, dataKeyVersion?: number): Promise<TenantKeys> {
    const known = this.#unwrapped.get(rootProviderId);
    const isFresh = known !== undefined && performance.now() - known.since < KEPT_FOR_MS;
    if (isFresh && (dataKeyVersion === undefined || known.keys.knows(dataKeyVersion))) return known.keys;
    const since = performance.now();
    const keys = await this.#load(tx, rootProviderId);
    this.#unwrapped.set(rootProviderId, { keys, since });
    return keys;
  }

  /** Makes a new root provider's keys, in the transaction that creates it. @throws DomainError `SECRETS_UNAVAILABLE` */
  async create(tx: Tx, rootProviderId: ServiceProviderId, now: Date): Promise<void> {
    for (const purpose of ['ENCRYPTION', 'FINGERPRINT'] as const) {
      const key = await makeDataKey(this.keyEncryptionKeys, rootProviderId, purpose, 1);
      await insertDataKey(tx, rootProviderId, key, now);
    }
  }

  /**
   * Makes the keys unless they are there; without a key encryption key it leaves that to a later start.
   * @param tx sees all root providers
   * @throws SetupError when anything was wrapped by a key encryption key that is not given
   */
  async ensure(tx: Tx, rootProviderId: ServiceProviderId, now: Date): Promise<void> {
    if (!this.isAvailable) return;
    await serializeDataKeys(tx, rootProviderId);
    const ids = await findKeyEncryptionKeyIds(tx);
    if (!ids.every((id) => this.keyEncryptionKeys.has(id))) {
      throw new SetupError(
        'The key encryption key is not the one that this database was set up with: restore that one (KEYWARD_KEY_ENCRYPTION_KEY, …_FILE, or the file key-encryption-key of the data directory). To replace it, give it as KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY (or …_FILE) beside the new one until `keyward secrets rotate` has ended.',
      );
    }
    const keys = await findDataKeys(tx, rootProviderId);
    if (keys.length === 0) await this.create(tx, rootProviderId, now);
  }

  /**
   * True of an error that comes from a data key that a rotation deleted after it was read here; the ring has then
   * forgotten its keys, and a second attempt finds the new one.
   */
  recoversFrom(error: unknown): boolean {
    if (!isForeignKeyViolation(error, REFERENCE_TO_DATA_KEY)) return false;
    this.#unwrapped.clear();
    return true;
  }

  async #load(tx: Tx, rootProviderId: ServiceProviderId): Promise<TenantKeys> {
    if (!this.isAvailable) throw secretsUnavailable();
    const encryptionKeys = new Map<number, Buffer>();
    let fingerprintKey: Buffer | undefined;
    for (const row of await findDataKeys(tx, rootProviderId)) {
      const key = await this.keyEncryptionKeys.unwrap(row, dataKeyContext(rootProviderId, row));
      if (row.purpose === 'ENCRYPTION') encryptionKeys.set(row.version, key);
      else fingerprintKey = key;
    }
    if (fingerprintKey === undefined) throw new Error(`root provider ${rootProviderId} has no data keys`);
    return new TenantKeys(encryptionKeys, fingerprintKey);
  }
}

import { DomainError } from '../errors.ts';
import type { KeyEncryptionKey } from './key-encryption-key.ts';

/** What a key encryption key has wrapped, and which one. */
export interface Wrapped {
  readonly keyEncryptionKeyId: string;
  readonly wrapped: Buffer;
}

/**
 * The key encryption key of the installation, if it was given one, and the one before it, which unwraps until
 * `keyward secrets rotate` has wrapped everything anew.
 */
export class KeyEncryptionKeys {
  readonly #current: KeyEncryptionKey | null;
  readonly #byId: ReadonlyMap<string, KeyEncryptionKey>;

  constructor(current: KeyEncryptionKey | null, previous: KeyEncryptionKey | null = null) {
    this.#current = current;
    this.#byId = new Map([previous, current].flatMap((key) => (key === null ? [] : [[key.id, key]])));
  }

  /** Null without a key. */
  get currentId(): string | null {
    return this.#current?.id ?? null;
  }

  has(keyEncryptionKeyId: string): boolean {
    return this.#byId.has(keyEncryptionKeyId);
  }

  /** @throws DomainError `SECRETS_UNAVAILABLE` without a key */
  async wrap(plain: Buffer, context: string): Promise<Wrapped> {
    if (this.#current === null) throw secretsUnavailable();
    return { keyEncryptionKeyId: this.#current.id, wrapped: await this.#current.wrap(plain, context) };
  }

  /**
   * @throws DomainError `SECRETS_UNAVAILABLE` without the key that wrapped it
   * @throws Error when it was wrapped for another context, or changed since
   */
  async unwrap({ keyEncryptionKeyId, wrapped }: Wrapped, context: string): Promise<Buffer> {
    const key = this.#byId.get(keyEncryptionKeyId);
    if (key === undefined) throw secretsUnavailable();
    return key.unwrap(wrapped, context);
  }

  /** The same under the current key. @throws what `wrap` and `unwrap` throw */
  async rewrap(wrapped: Wrapped, context: string): Promise<Wrapped> {
    return this.wrap(await this.unwrap(wrapped, context), context);
  }
}

/** Nothing can be sealed, opened or fingerprinted: the key for it is not there. */
export function secretsUnavailable(): DomainError {
  return new DomainError(
    'SECRETS_UNAVAILABLE',
    'Key strings can be neither read nor written now: the server lacks its key encryption key. Its operator must set KEYWARD_KEY_ENCRYPTION_KEY (or …_FILE) and start it again.',
  );
}

import { createHash } from 'node:crypto';
import { open, seal } from './sealed-box.ts';

/** Wraps the data keys. One method pair, so that a cloud KMS can stand behind it. */
export interface KeyEncryptionKey {
  /** Names the key without telling anything about it; kept beside what it wrapped. */
  readonly id: string;
  wrap(plain: Buffer, context: string): Promise<Buffer>;
  /** @throws Error when it was wrapped by another key, for another context, or changed since */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
}

/** A 256-bit key held in this process's memory, given by the environment or a file. */
export class LocalKeyEncryptionKey implements KeyEncryptionKey {
  readonly id: string;
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
    this.id = createHash('sha256').update('keyward key encryption key id').update(key).digest('hex').slice(0, 16);
  }

  async wrap(plain: Buffer, context: string): Promise<Buffer> {
    return seal(this.#key, plain, context);
  }

  async unwrap(wrapped: Buffer, context: string): Promise<Buffer> {
    return open(this.#key, wrapped, context);
  }
}

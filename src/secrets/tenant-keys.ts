import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { open, seal } from './sealed-box.ts';
import { Secret } from './secret.ts';

declare const fingerprintBrand: unique symbol;
/** Keyed hash of a key string, in hex. Equal strings under one root provider have equal fingerprints. */
export type Fingerprint = string & { readonly [fingerprintBrand]: true };

export interface Sealed {
  readonly ciphertext: Buffer;
  readonly dataKeyVersion: number;
}

/** The unwrapped keys of one root provider, or of the platform (DOMAIN.md, "Secrets"). */
export class TenantKeys {
  readonly #encryptionKeys: ReadonlyMap<number, KeyObject>;
  readonly #currentVersion: number;
  readonly #fingerprintKey: KeyObject;
  /** A sync asks for that of one string many thousand times. */
  readonly #fingerprints = new WeakMap<Secret, Fingerprint>();

  constructor(encryptionKeys: ReadonlyMap<number, Buffer>, fingerprintKey: Buffer) {
    this.#encryptionKeys = new Map([...encryptionKeys].map(([version, key]) => [version, createSecretKey(key)]));
    this.#currentVersion = Math.max(...encryptionKeys.keys());
    this.#fingerprintKey = createSecretKey(fingerprintKey);
  }

  knows(dataKeyVersion: number): boolean {
    return this.#encryptionKeys.has(dataKeyVersion);
  }

  /** @param context names the place it is kept in: sealed text moved to another place does not open */
  seal(secret: Secret, context: string): Sealed {
    const ciphertext = seal(this.#key(this.#currentVersion), Buffer.from(secret.expose()), context);
    return { ciphertext, dataKeyVersion: this.#currentVersion };
  }

  /** @throws Error when it was not sealed by these keys for this context, or a bit was changed */
  open(sealed: Sealed, context: string): Secret {
    return new Secret(open(this.#key(sealed.dataKeyVersion), sealed.ciphertext, context).toString());
  }

  fingerprint(secret: Secret): Fingerprint {
    const known = this.#fingerprints.get(secret);
    if (known !== undefined) return known;
    const fingerprint = this.#hmac('key string', secret.expose()).toString('hex') as Fingerprint;
    this.#fingerprints.set(secret, fingerprint);
    return fingerprint;
  }

  /** Tells equal inputs apart from different ones without keeping them: they may hold a key string. */
  digest(input: string): Buffer {
    return this.#hmac('input', input);
  }

  #hmac(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.#fingerprintKey).update(`${purpose}|${text}`).digest();
  }

  #key(version: number): KeyObject {
    const key = this.#encryptionKeys.get(version);
    if (key === undefined) throw new Error(`data key version ${version} is unknown`);
    return key;
  }
}

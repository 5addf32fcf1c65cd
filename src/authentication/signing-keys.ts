import { setTimeout as wait } from 'node:timers/promises';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Database } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { newId } from '../ids.ts';
import {
  deleteExpiredSigningKeys,
  insertSigningKey,
  listSigningKeys,
  type SigningKeyRow,
} from './signing-key.repository.ts';

export const SIGNING_ALGORITHM = 'EdDSA';

/** A process signs with one key for so long, and then makes another. */
const ROTATED_AFTER_MS = 24 * 60 * 60 * 1000;
/** Longer than the longest token lives. */
const OUTLIVES_LAST_TOKEN_BY_MS = 13 * 60 * 60 * 1000;
/** How often at most key ids that nobody knows make us look again. */
const LOOKS_AGAIN_AFTER_MS = 1000;

interface OwnKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
}

/**
 * The keys for access tokens. Each process signs with a key of its own, whose private half never leaves its memory, and
 * verifies with the public halves of all, which are in the database.
 */
export class SigningKeys {
  readonly #database: Database;
  readonly #publicKeys = new Map<string, { key: CryptoKey; expiresAt: Date }>();
  #own: { readonly since: Date; readonly key: Promise<OwnKey> } | null = null;
  #lookedAt = 0;
  #nextLook: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The key to sign with. */
  current(now: Date): Promise<OwnKey> {
    const own = this.#own;
    if (own !== null && now.getTime() - own.since.getTime() < ROTATED_AFTER_MS) return own.key;
    return this.rotate(now);
  }

  /** Signs with a new key from now on. What the old one signed holds for as long as it says. */
  rotate(now: Date): Promise<OwnKey> {
    const own = { since: now, key: this.#create(now) };
    this.#own = own;
    own.key.catch(() => {
      if (this.#own === own) this.#own = null;
    });
    return own.key;
  }

  /** Null when no process signs with a key of this id, or what it signed cannot hold any more. */
  async publicKey(id: string, now: Date): Promise<CryptoKey | null> {
    if (!this.#publicKeys.has(id)) await this.#lookSoon(now);
    const known = this.#publicKeys.get(id);
    return known !== undefined && known.expiresAt > now ? known.key : null;
  }

  /** Those of all processes, the newest first, as `/.well-known/jwks.json` shows them. */
  async publicJwks(now: Date): Promise<readonly JWK[]> {
    const rows = await this.#list(now);
    return rows.map(({ publicJwk }) => publicJwk);
  }

  async #create(now: Date): Promise<OwnKey> {
    const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { crv: 'Ed25519' });
    const id = newId<'SigningKey'>();
    const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: SIGNING_ALGORITHM, use: 'sig' };
    const expiresAt = new Date(now.getTime() + ROTATED_AFTER_MS + OUTLIVES_LAST_TOKEN_BY_MS);
    await this.#database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      await deleteExpiredSigningKeys(tx, now);
      await insertSigningKey(tx, { id, publicJwk, createdAt: now, expiresAt });
    });
    this.#publicKeys.set(id, { key: publicKey, expiresAt });
    return { id, privateKey };
  }

  /** A look that begins after this call, so that a key made just before it is found; all who wait share it. */
  #lookSoon(now: Date): Promise<void> {
    this.#nextLook ??= this.#lookWhenAllowed(now);
    return this.#nextLook;
  }

  async #lookWhenAllowed(now: Date): Promise<void> {
    await wait(Math.max(0, this.#lookedAt + LOOKS_AGAIN_AFTER_MS - Date.now()));
    this.#nextLook = null;
    this.#lookedAt = Date.now();
    await this.#look(now);
  }

  async #look(now: Date): Promise<void> {
    const found = await Promise.all((await this.#list(now)).map(imported));
    for (const [id, { expiresAt }] of this.#publicKeys) if (expiresAt <= now) this.#publicKeys.delete(id);
    for (const { id, key, expiresAt } of found) this.#publicKeys.set(id, { key, expiresAt });
  }

  #list(now: Date): Promise<SigningKeyRow[]> {
    return this.#database.read(PLATFORM_SCOPE, (tx) => listSigningKeys(tx, now));
  }
}

async function imported({ id, publicJwk, expiresAt }: SigningKeyRow) {
  const key = await importJWK(publicJwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error(`signing key ${id} is no public key`);
  return { id, key, expiresAt };
}

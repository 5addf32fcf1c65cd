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
/** How often a key id that nobody knows may make us look again. */
const LOOKS_AGAIN_AFTER_MS = 1000;

interface OwnKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly createdAt: Date;
}

/**
 * The keys for access tokens. Each process signs with a key of its own, whose private half never leaves its memory, and
 * verifies with the public halves of all, which are in the database.
 */
export class SigningKeys {
  readonly #database: Database;
  readonly #publicKeys = new Map<string, { key: CryptoKey; jwk: JWK; expiresAt: Date }>();
  #own: Promise<OwnKey> | null = null;
  #lookedAt = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The key to sign with. */
  async current(now: Date): Promise<OwnKey> {
    const own = await this.#own?.catch(() => null);
    if (own && now.getTime() - own.createdAt.getTime() < ROTATED_AFTER_MS) return own;
    return this.rotate(now);
  }

  /** Signs with a new key from now on. What the old one signed holds for as long as it says. */
  rotate(now: Date): Promise<OwnKey> {
    this.#own = this.#create(now);
    return this.#own;
  }

  /** Null when no process signs with a key of this id, or what it signed cannot hold any more. */
  async publicKey(id: string, now: Date): Promise<CryptoKey | null> {
    if (!this.#publicKeys.has(id) && Date.now() - this.#lookedAt >= LOOKS_AGAIN_AFTER_MS) await this.#look(now);
    const known = this.#publicKeys.get(id);
    return known !== undefined && known.expiresAt > now ? known.key : null;
  }

  /** Those of all processes, the newest first, as `/.well-known/jwks.json` shows them. */
  async publicJwks(now: Date): Promise<readonly JWK[]> {
    await this.#look(now);
    return [...this.#publicKeys.values()].map(({ jwk }) => jwk);
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
    this.#publicKeys.set(id, { key: publicKey, jwk: publicJwk, expiresAt });
    return { id, privateKey, createdAt: now };
  }

  async #look(now: Date): Promise<void> {
    this.#lookedAt = Date.now();
    const rows = await this.#database.read(PLATFORM_SCOPE, (tx) => listSigningKeys(tx, now));
    const found = await Promise.all(rows.map(async (row) => [row.id, await imported(row)] as const));
    this.#publicKeys.clear();
    for (const [id, key] of found) this.#publicKeys.set(id, key);
  }
}

async function imported({ id, publicJwk, expiresAt }: SigningKeyRow) {
  const key = await importJWK(publicJwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error(`signing key ${id} is no public key`);
  return { key, jwk: publicJwk, expiresAt };
}

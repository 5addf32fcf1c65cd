import { createRemoteJWKSet, customFetch, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { LRUCache } from 'lru-cache';
import type { OutboundFetch } from './outbound-fetch.ts';

/** After that an issuer is asked whether its keys are still the same: so long does a withdrawn one count. */
const FRESH_MS = 10 * 60 * 1000;
/** For so long do the keys that it published last count while it does not answer. */
const USABLE_MS = 60 * 60 * 1000;
/** An issuer that did not answer, or had nothing new to tell, is left alone for a while. */
const LEFT_ALONE_MS = 5_000;
const MOST_ISSUERS = 1_000;

type KeySet = ReturnType<typeof createRemoteJWKSet>;

interface Known {
  keys: KeySet | null;
  loadedAt: number;
  leftAloneUntil: number;
  isSilent: boolean;
  loading: Promise<void> | null;
}

/** Where an issuer publishes its keys. @throws Error when that cannot be told now */
export type LocateKeys = (outboundFetch: OutboundFetch, issuer: string) => Promise<string>;

/**
 * The public keys of issuers, as they publish them. A key that nobody knows yet is looked for at once, and an issuer
 * that falls silent costs those who ask at that moment one time limit, and whoever comes later nothing.
 */
export class PublishedKeys {
  readonly #outboundFetch: OutboundFetch;
  readonly #locate: LocateKeys;
  readonly #onSilence: (error: unknown) => void;
  readonly #clock: () => number;
  readonly #issuers = new LRUCache<string, Known>({ max: MOST_ISSUERS });

  /**
   * @param onSilence is told why the keys of an issuer could not be had
   * @param clock in milliseconds; only differences count
   */
  constructor(
    outboundFetch: OutboundFetch,
    locate: LocateKeys,
    onSilence: (error: unknown) => void,
    clock: () => number = () => performance.now(),
  ) {
    this.#outboundFetch = outboundFetch;
    this.#locate = locate;
    this.#onSilence = onSilence;
    this.#clock = clock;
  }

  /** For `jwtVerify`. @throws Error when the issuer has no such key, or none that can be had now */
  async keyOf(issuer: string, header: JWSHeaderParameters, token: FlattenedJWSInput) {
    const known = this.#of(issuer);
    const { keys } = known;
    if (this.#age(known) >= FRESH_MS) {
      const loading = this.#load(issuer, known);
      if (!known.isSilent || this.#age(known) >= USABLE_MS) await loading;
    }
    try {
      return await this.#usable(known)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (known.keys === keys) await this.#load(issuer, known);
      if (known.keys === keys) throw error; // nothing new was to be had
      return await this.#usable(known)(header, token).catch((reason: unknown) => {
        known.leftAloneUntil = this.#clock() + LEFT_ALONE_MS;
        throw reason;
      });
    }
  }

  #of(issuer: string): Known {
    const known = this.#issuers.get(issuer);
    if (known !== undefined) return known;
    const unknown: Known = {
      keys: null,
      loadedAt: Number.NEGATIVE_INFINITY,
      leftAloneUntil: 0,
      isSilent: false,
      loading: null,
    };
    this.#issuers.set(issuer, unknown);
    return unknown;
  }

  #age({ loadedAt }: Known): number {
    return this.#clock() - loadedAt;
  }

  #usable(known: Known): KeySet {
    const { keys } = known;
    if (keys === null || this.#age(known) >= USABLE_MS) throw new Error('the keys of the issuer cannot be had');
    return keys;
  }

  /** Whoever comes while it is under way waits for the same answer. Changes nothing when there is none. */
  async #load(issuer: string, known: Known): Promise<void> {
    if (known.loading === null) {
      if (this.#clock() < known.leftAloneUntil) return;
      known.loading = this.#ask(issuer).then(
        (keys) => {
          known.keys = keys;
          known.loadedAt = this.#clock();
          known.isSilent = false;
        },
        (error: unknown) => {
          this.#onSilence(error);
          known.isSilent = true;
          known.leftAloneUntil = this.#clock() + LEFT_ALONE_MS;
        },
      );
      known.loading.finally(() => {
        known.loading = null;
      });
    }
    await known.loading;
  }

  /** jose reads them once; when to read them again is decided above. */
  async #ask(issuer: string): Promise<KeySet> {
    const url = await this.#locate(this.#outboundFetch, issuer);
    const keys = createRemoteJWKSet(new URL(url), {
      [customFetch]: this.#outboundFetch,
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: Number.POSITIVE_INFINITY,
    });
    await keys.reload();
    return keys;
  }
}

import { needlesOf } from '../needles.ts';

/** So much of a needle is compared at every place; then the whole. No needle is shorter. */
const HEAD = 8;
const BUCKETS = 2 ** 22;

export interface Finding {
  readonly secret: string;
  /** Where in the haystack. */
  readonly at: number;
}

interface Needle {
  readonly bytes: Buffer;
  readonly secret: string;
}

/** Many secrets at once, in every form in which they may have got somewhere: one pass, whatever their number. */
export class SecretSearch {
  readonly #buckets = new Map<number, Needle[]>();
  readonly #isTaken = new Uint8Array(BUCKETS);

  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) {
      for (const needle of needlesOf(secret)) this.#add({ bytes: Buffer.from(needle), secret });
    }
  }

  /** The first place of each secret that is in there. */
  findIn(haystack: Buffer): Finding[] {
    const found = new Map<string, Finding>();
    for (let at = 0; at + HEAD <= haystack.length; at++) {
      const bucket = bucketOf(haystack, at);
      if (this.#isTaken[bucket] === 0) continue;
      for (const { bytes, secret } of this.#buckets.get(bucket) ?? []) {
        const isThere =
          haystack.compare(bytes, 0, bytes.length, at, Math.min(at + bytes.length, haystack.length)) === 0;
        if (isThere && !found.has(secret)) found.set(secret, { secret, at });
      }
    }
    return [...found.values()];
  }

  #add(needle: Needle): void {
    if (needle.bytes.length < HEAD) throw new Error('too short to be looked for');
    const bucket = bucketOf(needle.bytes, 0);
    this.#isTaken[bucket] = 1;
    this.#buckets.set(bucket, [...(this.#buckets.get(bucket) ?? []), needle]);
  }
}

function bucketOf(bytes: Buffer, at: number): number {
  const mixed = Math.imul(bytes.readInt32LE(at), 0x9e3779b1) ^ Math.imul(bytes.readInt32LE(at + 4), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (BUCKETS - 1);
}

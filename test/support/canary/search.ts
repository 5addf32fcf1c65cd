import { needlesOf } from '../needles.ts';

/** So much of a needle is looked at in every place; then the whole. No needle is shorter. */
const HEAD = 8;
/** Of a head's marks, of which there are two: a place without both is passed by. */
const MARK_BITS = 24;

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
  readonly #needles = new Map<string, Needle[]>();
  readonly #first = new Uint8Array(2 ** (MARK_BITS - 3));
  readonly #second = new Uint8Array(2 ** (MARK_BITS - 3));

  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) {
      for (const needle of needlesOf(secret)) this.#add({ bytes: Buffer.from(needle), secret });
    }
  }

  /** The first place of each secret that is in there. */
  findIn(haystack: Buffer): Finding[] {
    const found = new Map<string, Finding>();
    for (const at of this.#placesIn(haystack)) {
      for (const { bytes, secret } of this.#needles.get(headOf(haystack, at)) ?? []) {
        const isThere =
          haystack.compare(bytes, 0, bytes.length, at, Math.min(at + bytes.length, haystack.length)) === 0;
        if (isThere && !found.has(secret)) found.set(secret, { secret, at });
      }
    }
    return [...found.values()];
  }

  /** Where a needle may begin. The two words of a place are carried along: most of the time of a run's end goes by here. */
  #placesIn(haystack: Buffer): number[] {
    const places: number[] = [];
    if (haystack.length < HEAD) return places;
    let low = haystack.readInt32LE(0);
    let high = haystack.readInt32LE(4);
    for (let at = 0; ; at++) {
      if (hasBit(this.#first, firstMark(low, high)) && hasBit(this.#second, secondMark(low, high))) places.push(at);
      const next = haystack[at + HEAD];
      if (next === undefined) return places;
      low = (low >>> 8) | (high << 24);
      high = (high >>> 8) | (next << 24);
    }
  }

  #add(needle: Needle): void {
    if (needle.bytes.length < HEAD) throw new Error('too short to be looked for');
    const head = headOf(needle.bytes, 0);
    const [low, high] = [needle.bytes.readInt32LE(0), needle.bytes.readInt32LE(4)];
    setBit(this.#first, firstMark(low, high));
    setBit(this.#second, secondMark(low, high));
    this.#needles.set(head, [...(this.#needles.get(head) ?? []), needle]);
  }
}

const headOf = (bytes: Buffer, at: number) => bytes.toString('latin1', at, at + HEAD);

const hasBit = (bits: Uint8Array, at: number) => ((bits[at >>> 3] ?? 0) & (1 << (at & 7))) !== 0;

function setBit(bits: Uint8Array, at: number): void {
  bits[at >>> 3] = (bits[at >>> 3] ?? 0) | (1 << (at & 7));
}

function firstMark(low: number, high: number): number {
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - MARK_BITS);
}

function secondMark(low: number, high: number): number {
  const mixed = Math.imul(low, 0xc2b2ae35) ^ Math.imul(high, 0x27d4eb2f);
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39) >>> (32 - MARK_BITS);
}

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { open, seal } from '../../../src/secrets/sealed-box.ts';
import { changed, flippedBits } from './flipped-bits.ts';

const key = Buffer.from('0123456789abcdef0123456789abcdef');
const context = 'api-key|root|organization|CLOUD_SERVICE|1';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array));

describe('a sealed box', () => {
  test('gives back what was put in, to the same key and context', () => {
    fc.assert(
      fc.property(keys, bytes, fc.string({ unit: 'grapheme' }), (anyKey, plain, anyContext) => {
        expect(open(anyKey, seal(anyKey, plain, anyContext), anyContext)).toEqual(plain);
      }),
    );
  });

  test('does not open when any one bit of it was flipped: nonce, ciphertext or tag', () => {
    const sealed = seal(key, Buffer.from('Sup3rS3cr3tK'), context);
    const boxes = flippedBits(sealed);
    expect(boxes).toHaveLength((12 + 12 + 16) * 8);
    for (const box of boxes) expect(() => open(key, box, context)).toThrow();
  });

  test('does not open when it was cut short or lengthened', () => {
    const sealed = seal(key, Buffer.from('Sup3rS3cr3tK'), context);
    for (let length = 0; length < sealed.length; length++) {
      expect(() => open(key, sealed.subarray(0, length), context)).toThrow();
      expect(() => open(key, sealed.subarray(sealed.length - length), context)).toThrow();
    }
    expect(() => open(key, Buffer.concat([sealed, Buffer.of(0)]), context)).toThrow();
    expect(() => open(key, Buffer.concat([Buffer.of(0), sealed]), context)).toThrow();
  });

  test('does not open in any other context', () => {
    const sealed = seal(key, Buffer.from('Sup3rS3cr3tK'), context);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('', `${context}1`, context.slice(1), context.toLowerCase())),
        (other) => {
          fc.pre(other !== context);
          expect(() => open(key, sealed, other)).toThrow();
        },
      ),
    );
  });

  test('does not open to any other key, not even to one that differs in a single bit', () => {
    const sealed = seal(key, Buffer.from('Sup3rS3cr3tK'), context);
    for (const other of flippedBits(key)) expect(() => open(other, sealed, context)).toThrow();
    expect(() => open(randomBytes(32), sealed, context)).toThrow();
  });

  test.each([0, 16, 24, 31, 33, 64])('takes no key of %i bytes', (length) => {
    expect(() => seal(Buffer.alloc(length), Buffer.from('text'), context)).toThrow();
  });

  test('differs each time: no nonce comes twice', () => {
    const nonces = Array.from({ length: 1000 }, () => seal(key, Buffer.from('same'), context).toString('hex', 0, 12));
    expect(new Set(nonces).size).toBe(1000);
  });

  test('is 28 bytes longer than what it holds, and shows nothing of it', () => {
    const plain = Buffer.from('Sup3rS3cr3tK');
    const sealed = seal(key, plain, context);
    expect(sealed).toHaveLength(plain.length + 28);
    expect(sealed.includes(plain)).toBe(false);
    expect(changed(sealed, 0, 1)).not.toEqual(sealed);
  });
});

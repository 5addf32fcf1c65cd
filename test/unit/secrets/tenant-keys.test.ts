import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/secrets/secret.ts';
import { type Sealed, TenantKeys } from '../../../src/secrets/tenant-keys.ts';
import { flippedBits } from './flipped-bits.ts';

const encryptionKey = randomBytes(32);
const fingerprintKey = randomBytes(32);
const tenantKeys = new TenantKeys(new Map([[1, encryptionKey]]), fingerprintKey);
const otherTenantKeys = new TenantKeys(new Map([[1, randomBytes(32)]]), randomBytes(32));

const text = fc.string({ unit: 'grapheme' });
const context = 'api-key|root|organization|CLOUD_SERVICE|1';

describe('sealing under a root provider', () => {
  test('gives the text back, in its context', () => {
    fc.assert(
      fc.property(text, text, (plain, anyContext) => {
        expect(tenantKeys.open(tenantKeys.seal(new Secret(plain), anyContext), anyContext).expose()).toBe(plain);
      }),
    );
  });

  test('gives a Secret back, which does not print itself', () => {
    const opened = tenantKeys.open(tenantKeys.seal(new Secret('Sup3rS3cr3tK'), context), context);
    expect(`${opened} ${JSON.stringify({ opened })} ${inspect({ opened })}`).not.toContain('Sup3rS3cr3tK');
  });

  test('fails with any one bit flipped, in another context, and under another root provider', () => {
    const sealed = tenantKeys.seal(new Secret('Sup3rS3cr3tK'), context);
    for (const ciphertext of flippedBits(sealed.ciphertext)) {
      expect(() => tenantKeys.open({ ...sealed, ciphertext }, context)).toThrow();
    }
    expect(() => tenantKeys.open(sealed, `${context}0`)).toThrow();
    expect(() => otherTenantKeys.open(sealed, context)).toThrow();
  });

  test('does not open what the fingerprint key would have sealed', () => {
    const confused = new TenantKeys(new Map([[1, fingerprintKey]]), encryptionKey);
    expect(() => confused.open(tenantKeys.seal(new Secret('Sup3rS3cr3tK'), context), context)).toThrow();
  });
});

describe('versions of the encryption key', () => {
  const first = new Map([[1, encryptionKey]]);
  const rotated = new TenantKeys(new Map([[3, randomBytes(32)], ...first, [2, randomBytes(32)]]), fingerprintKey);

  test('the latest one seals', () => {
    expect(rotated.seal(new Secret('text'), context).dataKeyVersion).toBe(3);
  });

  test('older ones still open what they sealed', () => {
    const sealed = tenantKeys.seal(new Secret('text'), context);
    expect(sealed.dataKeyVersion).toBe(1);
    expect(rotated.open(sealed, context).expose()).toBe('text');
  });

  test('another version, known or not, does not open it', () => {
    const sealed = rotated.seal(new Secret('text'), context);
    const under = (dataKeyVersion: number): Sealed => ({ ...sealed, dataKeyVersion });
    expect(() => rotated.open(under(2), context)).toThrow();
    expect(() => rotated.open(under(4), context)).toThrow('data key version 4 is unknown');
    expect([0, 1, 2, 3, 4].filter((version) => rotated.knows(version))).toEqual([1, 2, 3]);
  });

  test('a rotation changes no fingerprint', () => {
    expect(rotated.fingerprint(new Secret('text'))).toBe(tenantKeys.fingerprint(new Secret('text')));
  });
});

describe('fingerprints', () => {
  test('are equal for equal strings and different for different ones, under one root provider', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(tenantKeys.fingerprint(new Secret(one))).toBe(tenantKeys.fingerprint(new Secret(one)));
        const isSame = tenantKeys.fingerprint(new Secret(one)) === tenantKeys.fingerprint(new Secret(other));
        expect(isSame).toBe(one === other);
      }),
    );
  });

  test('of equal strings differ under another root provider', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(otherTenantKeys.fingerprint(new Secret(plain))).not.toBe(tenantKeys.fingerprint(new Secret(plain)));
      }),
    );
  });

  test('are a keyed HMAC-SHA-256 in hex, not the hash of the string with an empty key', () => {
    const fingerprint = tenantKeys.fingerprint(new Secret('Sup3rS3cr3tK'));
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint).not.toBe(createHmac('sha256', '').update('Sup3rS3cr3tK').digest('hex'));
  });

  test('tell nothing of an input’s digest, though the same key makes both', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(tenantKeys.digest(plain).toString('hex')).not.toBe(tenantKeys.fingerprint(new Secret(plain)));
        expect(tenantKeys.digest(plain)).toEqual(tenantKeys.digest(plain));
        expect(otherTenantKeys.digest(plain)).not.toEqual(tenantKeys.digest(plain));
      }),
    );
  });
});

test('the keys of a root provider never print themselves', () => {
  const named = new TenantKeys(
    new Map([[1, Buffer.from('encryption-key-encryption-key-32')]]),
    Buffer.from('fingerprint-key'),
  );
  const printed = [inspect(named, { showHidden: true, depth: null }), JSON.stringify(named), String(named)].join();
  expect(printed).not.toMatch(/encryption-key|fingerprint-key|65 6e 63 72|66 69 6e 67/);
});

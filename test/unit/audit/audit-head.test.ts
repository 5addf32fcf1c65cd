import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { describe, expect, test } from 'vitest';
import { type AuditHead, isSameHead, readSignedHead, signHead } from '../../../src/audit/audit-head.ts';

const head: AuditHead = {
  rootProviderId: '01939c2e-5c00-7000-8000-000000000001',
  sequence: 42,
  hash: Buffer.alloc(32, 7),
  sealedAt: new Date('2026-11-21T03:17:27.677Z'),
};
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const keys = new Map([['own', publicKey]]);
const payload = {
  root: head.rootProviderId,
  sequence: head.sequence,
  hash: head.hash.toString('hex'),
  sealedAt: head.sealedAt.toISOString(),
};

function jws(header: Record<string, unknown>, key: KeyObject, content: unknown = payload): Promise<string> {
  const protectedHeader = { alg: 'EdDSA', typ: 'keyward-audit+jws', kid: 'own', ...header };
  return new CompactSign(Buffer.from(JSON.stringify(content))).setProtectedHeader(protectedHeader).sign(key);
}

const base64url = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');

describe('a signed head', () => {
  test('is read as it was signed', async () => {
    const read = await readSignedHead(await signHead({ id: 'own', privateKey }, head), keys);
    expect(read).toEqual(head);
    expect(read !== null && isSameHead(read, head)).toBe(true);
  });

  test('counts only when this key signed it as a head', async () => {
    const jwk = other.publicKey.export({ format: 'jwk' });
    const signed = await signHead({ id: 'own', privateKey }, head);
    const [header, , signature] = signed.split('.');
    const forged = [
      '',
      'a.b.c',
      `${base64url({ alg: 'none', typ: 'keyward-audit+jws', kid: 'own' })}.${base64url(payload)}.`,
      `${header}.${base64url({ ...payload, sequence: 43 })}.${signature}`,
      await jws({}, other.privateKey),
      await jws({ jwk }, other.privateKey),
      await jws({ kid: 'another' }, privateKey),
      await jws({ kid: undefined }, privateKey),
      await jws({ typ: 'at+jwt' }, privateKey),
      await jws({ typ: undefined }, privateKey),
      await jws({ alg: 'HS256' }, createSecretKey(publicKey.export({ type: 'spki', format: 'der' }))),
    ];
    for (const text of forged) expect(await readSignedHead(text, keys)).toBeNull();
  });

  test.each([
    { ...payload, sequence: 0 },
    { ...payload, sequence: 1.5 },
    { ...payload, sequence: '42' },
    { ...payload, hash: 'ab' },
    { ...payload, sealedAt: 'yesterday' },
    { ...payload, root: 'somewhere' },
    null,
  ])('holds a head: %j does not', async (content) => {
    expect(await readSignedHead(await jws({}, privateKey, content), keys)).toBeNull();
  });
});

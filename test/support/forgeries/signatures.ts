import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { EncryptJWT } from 'jose';
import { newId } from '../../../src/ids.ts';
import { type Forge, type Forgeries, parted, segment } from './forge.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');
const pss = { padding: 6 /* RSA_PKCS1_PSS_PADDING */, saltLength: 32 };

function signed(forge: Forge, alg: string, digest: string | null, key: KeyObject, more: object = {}): string {
  const header = { ...forge.header, alg, ...('header' in more ? (more.header as object) : {}) };
  const input = `${segment(header)}.${segment(forge.admin.claims)}`;
  const options = { key, dsaEncoding: 'ieee-p1363' as const, ...('sign' in more ? (more.sign as object) : {}) };
  return `${input}.${segment(sign(digest, Buffer.from(input), options))}`;
}

/** Somebody's own key, with whatever else in the header. */
function ownKey(forge: Forge, header: object = {}): string {
  return signed(forge, 'EdDSA', null, ed25519.privateKey, { header });
}

function hmac(forge: Forge, alg: string, secret: string | Buffer, header: object = {}): string {
  const input = `${segment({ ...forge.header, alg, ...header })}.${segment(forge.admin.claims)}`;
  return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`;
}

/** What a verifier that takes any key for any algorithm would take for the secret. */
const secrets: Readonly<Record<string, (forge: Forge) => string | Buffer>> = {
  'as PEM': ({ publicJwk }) =>
    createPublicKey({ key: publicJwk as Record<string, unknown>, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    }),
  'as DER': ({ publicJwk }) =>
    createPublicKey({ key: publicJwk as Record<string, unknown>, format: 'jwk' }).export({
      type: 'spki',
      format: 'der',
    }),
  'as JWK': ({ publicJwk }) => JSON.stringify(publicJwk),
  'as its 32 bytes': ({ publicJwk }) => Buffer.from(publicJwk.x ?? '', 'base64url'),
  'as the text of its 32 bytes': ({ publicJwk }) => publicJwk.x ?? '',
};

const symmetric: Forgeries = Object.fromEntries(
  ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    Object.entries(secrets).map(([how, secret]) => [
      `${alg} with the public key ${how} for a secret`,
      (forge: Forge) => hmac(forge, alg, secret(forge)),
    ]),
  ),
);

const unsigned: Forgeries = Object.fromEntries(
  ['none', 'None', 'NONE', 'nOnE', 'none ', ''].flatMap((alg) => {
    const make = (signature: (forge: Forge) => string) => (forge: Forge) =>
      `${segment({ ...forge.header, alg })}.${segment(forge.admin.claims)}.${signature(forge)}`;
    return [
      [`alg ${JSON.stringify(alg)} without a signature`, make(() => '')],
      [`alg ${JSON.stringify(alg)} with another token's signature`, make(({ person }) => parted(person.token)[2])],
    ];
  }),
);

/** Whose order added to the second half of a signature gives another signature of the same, to a careless verifier. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function malleated(token: string): string {
  const [header, claims, signature] = parted(token);
  const bytes = Buffer.from(signature, 'base64url');
  const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const half = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
  return `${header}.${claims}.${segment(Buffer.concat([bytes.subarray(0, 32), half]))}`;
}

function withSignature(token: string, change: (bytes: Buffer) => Buffer): string {
  const [header, claims, signature] = parted(token);
  return `${header}.${claims}.${segment(change(Buffer.from(signature, 'base64url')))}`;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

/** Not signed by the server for what they say, or not at all. */
export const badSignatures: Forgeries = {
  ...unsigned,
  ...symmetric,
  'RS256 with another key': (forge) => signed(forge, 'RS256', 'sha256', rsa.privateKey),
  'RS512 with another key': (forge) => signed(forge, 'RS512', 'sha512', rsa.privateKey),
  'PS256 with another key': (forge) => signed(forge, 'PS256', 'sha256', rsa.privateKey, { sign: pss }),
  'ES256 with another key': (forge) => signed(forge, 'ES256', 'sha256', p256.privateKey),
  'ES512 with another key': (forge) => signed(forge, 'ES512', 'sha512', p521.privateKey),
  'EdDSA with another key': (forge) => ownKey(forge),
  'Ed25519 with another key': (forge) => ownKey(forge, { alg: 'Ed25519' }),
  'another key under a name that nobody knows': (forge) => ownKey(forge, { kid: newId<'SigningKey'>() }),
  'another key in the header': (forge) => ownKey(forge, { jwk: ed25519.publicKey.export({ format: 'jwk' }) }),
  'another key in the header, and no name': (forge) =>
    ownKey(forge, { kid: undefined, jwk: ed25519.publicKey.export({ format: 'jwk' }) }),
  'another key to be fetched by jku': (forge) => ownKey(forge, { jku: 'https://127.0.0.1:1/jwks.json', kid: 'mine' }),
  'another key to be fetched by x5u': (forge) => ownKey(forge, { x5u: 'https://127.0.0.1:1/cert.pem', kid: 'mine' }),
  'another key in x5c': (forge) =>
    ownKey(forge, { x5c: [ed25519.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] }),
  'an empty file for a key': (forge) => hmac(forge, 'HS256', '', { kid: '../../../../../../dev/null' }),
  'a key out of an injected query': (forge) => hmac(forge, 'HS256', 'k', { kid: "x' union select 'k' --" }),
  'claims changed after signing': ({ person, admin }) => {
    const [header, , signature] = parted(person.token);
    return `${header}.${segment({ ...person.claims, sub: admin.claims.sub })}.${signature}`;
  },
  'scope widened after signing': ({ account }) => {
    const [header, , signature] = parted(account.token);
    return `${header}.${segment({ ...account.claims, scope: 'apiKey:view apiKey:reveal' })}.${signature}`;
  },
  'a claim repeated after signing': ({ person, admin }) => {
    const [header, , signature] = parted(person.token);
    const text = JSON.stringify(person.claims).replace('{', `{"sub":"${String(admin.claims.sub)}",`);
    return `${header}.${segment(text)}.${signature}`;
  },
  "another token's claims": ({ person, admin }) => {
    const [header, , signature] = parted(person.token);
    return `${header}.${parted(admin.token)[1]}.${signature}`;
  },
  "another token's signature": ({ person, account }) => {
    const [header, claims] = parted(person.token);
    return `${header}.${claims}.${parted(account.token)[2]}`;
  },
  'no signature': ({ person }) => `${parted(person.token)[0]}.${parted(person.token)[1]}.`,
  'half a signature': ({ person }) => withSignature(person.token, (bytes) => bytes.subarray(0, 32)),
  'a signature without its last byte': ({ person }) => withSignature(person.token, (bytes) => bytes.subarray(0, 63)),
  'a signature with a byte more': ({ person }) =>
    withSignature(person.token, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  'a signature of zeros': ({ person }) => withSignature(person.token, () => Buffer.alloc(64)),
  'the first bit of the signature flipped': ({ person }) => withSignature(person.token, (bytes) => flipped(bytes, 0)),
  'a bit in the midst of the signature flipped': ({ person }) =>
    withSignature(person.token, (bytes) => flipped(bytes, 40)),
  'another signature of the same, by adding the order': ({ person }) => malleated(person.token),
  'encrypted for the public key': async ({ publicJwk, admin }) =>
    new EncryptJWT({ ...admin.claims })
      .setProtectedHeader({
        alg: 'dir',
        enc: 'A256GCM',
        typ: 'at+jwt',
        ...(publicJwk.kid === undefined ? {} : { kid: publicJwk.kid }),
      })
      .encrypt(Buffer.from(publicJwk.x ?? '', 'base64url')),
};

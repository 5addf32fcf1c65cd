import { newId } from '../../../src/ids.ts';
import { type Forge, type Forgeries, type Part, parted, segment } from './forge.ts';

/** Signed by the server, and right but for the header. */
function withHeader(change: Part): (forge: Forge) => Promise<string> {
  return ({ sign, header, person }) => sign({ ...header, ...change }, person.claims);
}

function without(name: string): (forge: Forge) => Promise<string> {
  return withHeader({ [name]: undefined });
}

const badKids: Part = {
  'of no key': newId<'SigningKey'>(),
  'that is empty': '',
  'that is a path': '../../../../../../etc/passwd',
  'that is a URL': 'https://127.0.0.1:1/key',
  'that is a query': "' or true --",
  'with a NUL': 'a\0b',
  'that is a list': ['a'],
  'that is an object': { toString: 'a' },
  'that is a number': 1,
  'that is null': null,
  'of an object’s own': '__proto__',
};

export const badHeaders: Forgeries = {
  ...Object.fromEntries(Object.entries(badKids).map(([how, kid]) => [`a kid ${how}`, withHeader({ kid })])),
  'a kid in capitals': ({ sign, header, person }) =>
    sign({ ...header, kid: String(header.kid).toUpperCase() }, person.claims),
  'no kid': without('kid'),
  'no alg': without('alg'),
  'an alg that is a list': withHeader({ alg: ['EdDSA'] }),
  'an alg in small letters': withHeader({ alg: 'eddsa' }),
  'another name of the alg': withHeader({ alg: 'Ed25519' }),
  'no typ': without('typ'),
  'the typ of any JWT': withHeader({ typ: 'JWT' }),
  'the typ of an id token': withHeader({ typ: 'id_token+jwt' }),
  'the typ of a logout token': withHeader({ typ: 'logout+jwt' }),
  'the typ in capitals': withHeader({ typ: 'AT+JWT' }),
  'the typ in its long form': withHeader({ typ: 'application/at+jwt' }),
  'a typ that is a list': withHeader({ typ: ['at+jwt'] }),
  'a critical extension': withHeader({ crit: ['exp'], exp: 1 }),
  'an extension that nobody knows': withHeader({ crit: ['http://keyward.test/x'], 'http://keyward.test/x': true }),
  'no critical extensions, in a list': withHeader({ crit: [] }),
  'claims that are said not to be encoded': withHeader({ b64: false, crit: ['b64'] }),
  'claims that are said to be compressed': withHeader({ zip: 'DEF' }),
  'claims that are said to be a token': withHeader({ cty: 'JWT' }),
  'a key that comes along': ({ sign, header, person, publicJwk }) => sign({ ...header, jwk: publicJwk }, person.claims),
  'keys to be fetched': withHeader({ jku: 'https://127.0.0.1:1/jwks.json' }),
  'a parameter that means nothing': withHeader({ note: 'hello' }),
  'its parameters in another order': ({ sign, header, person }) =>
    sign(Object.fromEntries(Object.entries(header).reverse()), person.claims),
  'blanks in its header': ({ sign, header, person }) => sign(JSON.stringify(header, null, 1), person.claims),
  'a parameter twice': ({ sign, header, person }) =>
    sign(JSON.stringify(header).replace('{', '{"alg":"none",'), person.claims),
  'an escaped letter in its header': ({ sign, header, person }) =>
    sign(JSON.stringify(header).replace('EdDSA', '\\u0045dDSA'), person.claims),
  'a header that is a list': ({ sign, header, person }) => sign(JSON.stringify([header]), person.claims),
  'a header that is null': ({ sign, person }) => sign('null', person.claims),
  'a header that is no JSON': ({ sign, person }) => sign('header', person.claims),
  'no header': ({ person }) => `.${parted(person.token)[1]}.${parted(person.token)[2]}`,
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The last letter of a signature holds four bits that belong to none of its bytes. */
function respelt(token: string): string {
  const last = LETTERS.indexOf(token.at(-1) ?? '');
  return token.slice(0, -1) + LETTERS.charAt(last ^ 1);
}

/** Right bytes in another spelling, or no token at all. */
export const badSpellings: Forgeries = {
  'the same signature in another spelling': ({ person }) => respelt(person.token),
  'padding after the signature': ({ person }) => `${person.token}==`,
  'the alphabet of plain base64': ({ sign, header, person }) =>
    sign(header, { ...person.claims, note: '???>>>~~~' }).then((token) => {
      const [head, claims, signature] = parted(token);
      return `${head}.${claims.replaceAll('-', '+').replaceAll('_', '/')}.${signature}`;
    }),
  'a letter before it': ({ person }) => `A${person.token}`,
  'a blank within it': ({ person }) => person.token.replace('.', ' .'),
  'a comma and another token after it': ({ person, admin }) => `${person.token},${admin.token}`,
  'quotes around it': ({ person }) => `"${person.token}"`,
  'commas for dots': ({ person }) => person.token.replaceAll('.', ','),
  'two segments': ({ person }) => person.token.slice(0, person.token.lastIndexOf('.')),
  'four segments': ({ person }) => `${person.token}.${parted(person.token)[2]}`,
  'a fourth, empty segment': ({ person }) => `${person.token}.`,
  'an empty segment before it': ({ person }) => `.${person.token}`,
  'no claims': ({ person }) => `${parted(person.token)[0]}..${parted(person.token)[2]}`,
  'nothing but dots': () => '..',
  'one letter': () => 'a',
  'three letters': () => 'a.b.c',
  'all letters small': ({ person }) => person.token.toLowerCase(),
  'a very long signature': ({ person }) => person.token + 'A'.repeat(10_000),
  'very long claims that nobody signed': ({ person }) => {
    const [header, , signature] = parted(person.token);
    return `${header}.${segment({ ...person.claims, note: 'x'.repeat(8_000) })}.${signature}`;
  },
  'a thousand segments': ({ person }) => `${person.token}${'.a'.repeat(1000)}`,
};

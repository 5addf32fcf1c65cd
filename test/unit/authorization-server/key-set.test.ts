import { expect, test } from 'vitest';
import { keySetFailure } from '../../../src/authorization-server/key-set.ts';

const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };

test.for<[string, unknown, ReturnType<typeof keySetFailure>]>([
  ['a key', { keys: [ec] }, null],
  ['a key for signatures', { keys: [{ ...ec, use: 'sig', more: 1 }], more: 1 }, null],
  ['one of several', { keys: [{ kty: 'new' }, { ...ec, use: 'enc' }, { kty: 'RSA', n: 'n', e: 'e' }] }, null],
  ['Ed25519', { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x' }] }, null],
  ['none', { keys: [] }, 'NO_KEYS'],
  ['none for signatures', { keys: [{ ...ec, use: 'enc' }] }, 'NO_KEYS'],
  ['of unknown types', { keys: [{ kty: 'new' }] }, 'NO_KEYS'],
  ['a private key', { keys: [ec, { ...ec, d: 'd' }] }, 'PRIVATE_KEYS'],
  ['a shared secret', { keys: [ec, { kty: 'oct', k: 'k' }] }, 'PRIVATE_KEYS'],
  ['too many', { keys: Array(101).fill(ec) }, 'UNREADABLE'],
  ...[null, 7, 'keys', [], [ec], {}, { keys: ec }, { keys: [7] }, { keys: [{}] }].map(
    (document): [string, unknown, 'UNREADABLE'] => [JSON.stringify(document), document, 'UNREADABLE'],
  ),
])('%s', ([, document, failure]) => {
  expect(keySetFailure(document)).toBe(failure);
});

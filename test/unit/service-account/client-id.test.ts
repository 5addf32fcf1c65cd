import { expect, test } from 'vitest';
import { newId, PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { decodeClientId, encodeClientId } from '../../../src/service-account/client-id.ts';

function newRef() {
  return { rootProviderId: newId<'ServiceProvider'>(), serviceAccountId: newId<'ServiceAccount'>() };
}

test('a client id can be told as such, and leads back to the account', () => {
  for (const ref of [newRef(), { ...newRef(), rootProviderId: PLATFORM_ROOT_ID }]) {
    const clientId = encodeClientId(ref);
    expect(clientId).toMatch(/^kwsa_[\w-]{43}$/);
    expect(decodeClientId(clientId)).toEqual(ref);
  }
});

test('no other text names an account, however like a client id it is', () => {
  const clientId = encodeClientId(newRef());
  const last = clientId.at(-1) ?? '';
  // The last letter of 32 bytes holds two bits that mean nothing: other spellings of the same bytes.
  const respelt = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .filter((letter) => letter !== last)
    .map((letter) => clientId.slice(0, -1) + letter);
  const sameBytes = respelt.filter((text) => {
    return Buffer.from(text.slice(5), 'base64url').equals(Buffer.from(clientId.slice(5), 'base64url'));
  });
  expect(sameBytes.length).toBeGreaterThan(0);
  const others = [
    ...sameBytes,
    '',
    'kwsa_',
    clientId.slice(5),
    clientId.toUpperCase(),
    ` ${clientId}`,
    `${clientId} `,
    `${clientId}=`,
    `${clientId}A`,
    clientId.slice(0, -1),
    `kwsa_${'A'.repeat(100_000)}`,
    `kwsa_${Buffer.alloc(32, 0xff).toString('base64').replaceAll('=', '')}`,
    `kwsb_${clientId.slice(5)}`,
  ];
  for (const text of others) expect([text.slice(0, 60), decodeClientId(text)]).toEqual([text.slice(0, 60), null]);
});

test('bytes that are no UUIDs name nothing', () => {
  const notUuids = Buffer.alloc(32, 0x11).toString('base64url');
  expect(decodeClientId(`kwsa_${notUuids}`)).toBeNull();
});

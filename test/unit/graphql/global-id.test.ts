import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiKeyKinds } from '../../../src/api-key/api-key.ts';
import {
  apiKeyRefOf,
  decodeActorId,
  decodeGlobalId,
  decodeOrganizationId,
  decodeServiceProviderId,
  encodeActorId,
  encodeApiKeyId,
  encodeGlobalId,
  type NodeType,
} from '../../../src/graphql/global-id.ts';
import { newId } from '../../../src/ids.ts';
import { changed, flippedBits } from '../secrets/flipped-bits.ts';

const nodeTypes: readonly NodeType[] = [
  'ServiceProvider',
  'Organization',
  'Subscription',
  'ApiKey',
  'AuditEvent',
  'Actor',
];
const nodeType = fc.constantFrom(...nodeTypes);
const uuid = fc.uuid();
/** Only an API key's id has a kind. */
const typeAndKind = fc.oneof(
  fc.tuple(fc.constant<NodeType>('ApiKey'), fc.integer({ min: 0, max: 255 })),
  fc.tuple(nodeType, fc.constant(0)),
);
const anyId = fc
  .tuple(typeAndKind, uuid, uuid)
  .map(([[type, kindIndex], rootProviderId, id]) => encodeGlobalId(type, rootProviderId, id, kindIndex));

const root = newId<'ServiceProvider'>();
const organization = newId<'Organization'>();
const staffMember = newId<'StaffMember'>();

const decoders = {
  decodeGlobalId,
  decodeOrganizationId,
  decodeServiceProviderId,
  decodeActorId,
  apiKey: (text: string) => {
    const decoded = decodeGlobalId(text);
    return decoded === null ? null : apiKeyRefOf(decoded);
  },
};

function decodedByAny(text: string): string[] {
  return Object.entries(decoders).flatMap(([name, decode]) => (decode(text) === null ? [] : [name]));
}

describe('a global id', () => {
  test('comes back as what it was made of', () => {
    fc.assert(
      fc.property(typeAndKind, uuid, uuid, ([type, index], rootProviderId, id) => {
        expect(decodeGlobalId(encodeGlobalId(type, rootProviderId, id, index))).toEqual({
          ...{ type, rootProviderId, id },
          kindIndex: index,
        });
      }),
    );
  });

  test('is as long as every other, and may stand in a URL', () => {
    fc.assert(
      fc.property(anyId, (text) => {
        expect(text).toMatch(/^[A-Za-z0-9_-]{46}$/);
      }),
    );
  });

  test('has one spelling: what decodes is what its content encodes to', () => {
    const mangled = fc.oneof(
      anyId.map((text) => `${text}=`),
      anyId.map((text) => `${text}==`),
      anyId.map((text) => ` ${text}`),
      anyId.map((text) => `${text}\n`),
      anyId.map((text) => `${text.slice(0, 20)} ${text.slice(20)}`),
      anyId.map((text) => `${text}!`),
      anyId.map((text) => Buffer.from(text, 'base64url').toString('hex')),
    );
    fc.assert(
      fc.property(mangled, (text) => {
        expect(decodedByAny(text)).toEqual([]);
      }),
    );
  });

  test('names one type of thing only', () => {
    fc.assert(
      fc.property(nodeType, uuid, uuid, (type, rootProviderId, id) => {
        const text = encodeGlobalId(type, rootProviderId, id);
        expect(decodeOrganizationId(text) !== null).toBe(type === 'Organization');
        expect(decodeServiceProviderId(text) !== null).toBe(type === 'ServiceProvider');
        expect(decodeActorId(text) !== null).toBe(type === 'Actor');
        expect(decoders.apiKey(text) !== null).toBe(type === 'ApiKey');
      }),
    );
  });
});

describe('what is no global id names nothing', () => {
  test('garbage', () => {
    const garbage = fc.oneof(
      ...[
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.base64String(),
        uuid,
        fc.string({ minLength: 46, maxLength: 46 }),
      ],
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        expect(decodedByAny(text)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('an id cut short at either end, or lengthened', () => {
    const text = encodeGlobalId('Organization', root, organization);
    const cut = Array.from({ length: text.length }, (_, length) => [
      text.slice(0, length),
      text.slice(text.length - length),
    ]);
    expect(cut.flat().flatMap(decodedByAny)).toEqual([]);
    expect([`${text}A`, `${text}AA`, `${text}${text}`].flatMap(decodedByAny)).toEqual([]);
  });

  test('an id with a bit flipped: it is null or names another thing, and never throws', () => {
    fc.assert(
      fc.property(anyId, (text) => {
        const original = decodeGlobalId(text);
        for (const bytes of flippedBits(Buffer.from(text, 'base64url'))) {
          decodedByAny(bytes.toString('base64url'));
          expect(decodeGlobalId(bytes.toString('base64url'))).not.toEqual(original);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('an id with a bit of its spelling flipped: it is null or names another thing, and never throws', () => {
    fc.assert(
      fc.property(anyId, fc.integer({ min: 0, max: 45 }), fc.integer({ min: 0, max: 7 }), (text, place, bit) => {
        const spelled = changed(Buffer.from(text), place, 1 << bit).toString('latin1');
        decodedByAny(spelled);
        expect(decodeGlobalId(spelled)).not.toEqual(decodeGlobalId(text));
      }),
    );
  });
});

describe('ids of particular things', () => {
  test('an organization and a provider', () => {
    expect(decodeOrganizationId(encodeGlobalId('Organization', root, organization))).toEqual({
      rootProviderId: root,
      organizationId: organization,
    });
    const reseller = newId<'ServiceProvider'>();
    expect(decodeServiceProviderId(encodeGlobalId('ServiceProvider', root, reseller))).toEqual({
      rootProviderId: root,
      serviceProviderId: reseller,
    });
  });

  test.each(apiKeyKinds)('a %s slot', (kind) => {
    const ref = { rootProviderId: root, organizationId: organization, kind };
    expect(decoders.apiKey(encodeApiKeyId(ref))).toEqual(ref);
  });

  test('a slot of a kind that there is not names nothing', () => {
    expect(decoders.apiKey(encodeGlobalId('ApiKey', root, organization, apiKeyKinds.length))).toBeNull();
    expect(decoders.apiKey(encodeGlobalId('ApiKey', root, organization, 255))).toBeNull();
  });

  test('a person’s id tells nothing of where they belong', () => {
    const text = encodeActorId(staffMember) ?? '';
    expect(decodeActorId(text)).toBe(staffMember);
    expect(decodeGlobalId(text)?.rootProviderId).toBe('00000000-0000-0000-0000-000000000000');
    expect(encodeActorId(null)).toBeNull();
  });
});

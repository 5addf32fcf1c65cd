import { type GraphQLInputType, getNamedType, isEnumType, isListType, isNonNullType } from 'graphql';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { newId, PLATFORM_ROOT_ID } from '../../src/ids.ts';
import type { KeyWorld } from '../support/key-world.ts';

/** A value that a field must refuse, and a name for it. */
export interface BadValue {
  readonly name: string;
  readonly value: unknown;
}

const values = (prefix: string, given: readonly unknown[]): BadValue[] =>
  given.map((value) => ({ name: `${prefix} ${JSON.stringify(value)?.slice(0, 60) ?? 'left out'}`, value }));

const MEGABYTE = 'Qx7'.repeat(350_000);
const wrongTypes = values('wrong type', [
  true,
  1.5,
  {},
  { toString: 'Zq3vX9bK7mTw' },
  [[]],
  [{}],
  ['Zq3vX9bK7mTw', 'Zq3vX9bK7mTw'],
]);
const notPlainText = values('no plain text', [
  'Zq3v\0X9bK7mTw',
  'Zq3v\ud800X9bK7mTw',
  '\udc00Zq3vX9bK7mTw',
  'Zq3v\u0007X9bK7mTw',
]);

/** Dates that no field takes. Of those in the past, only an end must not be one. */
const badDates = values('date', [
  '9999-12-31T23:59:59Z',
  '275760-09-13T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '2030-02-30T00:00:00Z',
  '2030-01-01T00:00:00|05:00',
  '2030-01-01',
  'tomorrow, Zq3vX9bK7mTw',
  '',
  'NaN',
  'Infinity',
  8.64e15,
  1e300,
  0,
]);
const pastDates = values('past', ['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '0000-01-01T00:00:00Z']);
const badInts = values('Int', ['5', 'NaN', 1e300, 2 ** 31, -(2 ** 31) - 1, 1.5, '0x10', 'Zq3vX9bK7mTw']);

/** Ids that name nothing the caller may act on. */
function badIds(world: KeyWorld): BadValue[] {
  const { organization, tenants } = world;
  const { rootProviderId, organizationId } = organization;
  const id = (...args: Parameters<typeof encodeGlobalId>) => encodeGlobalId(...args);
  return values('id', [
    id('Organization', rootProviderId, newId()),
    id('ServiceProvider', rootProviderId, newId()),
    id('Organization', PLATFORM_ROOT_ID, organizationId),
    id('Organization', tenants.foreignRoot.rootProviderId, organizationId),
    id('ApiKey', rootProviderId, organizationId),
    id('Subscription', rootProviderId, organizationId),
    id('Actor', PLATFORM_ROOT_ID, world.providerAdmin.id ?? newId()),
    id('ServiceProvider', tenants.foreignRoot.rootProviderId, tenants.foreignRoot.serviceProviderId),
    id('ServiceProvider', tenants.otherReseller.rootProviderId, tenants.otherReseller.serviceProviderId),
    organizationId,
    '',
    '0',
    7,
    -1,
    2 ** 53,
    'Zq3vX9bK7mTw',
    "' or 1=1 --",
    '../../etc/passwd',
    MEGABYTE,
    'Zq3v\0X9bK7mTw',
    'Zq3v\ud800X9bK7mTw',
  ]);
}

/** What a field of this type must refuse, beside what its own rules refuse. */
export function badValuesOf(field: string, type: GraphQLInputType, world: KeyWorld): BadValue[] {
  const missing = isNonNullType(type) ? values('missing', [null, undefined]) : [];
  const named = getNamedType(type);
  const own = () => {
    if (isListType(type)) return [];
    if (isEnumType(named)) return values('enum', ['', 'Zq3vX9bK7mTw', 'constructor', '__proto__', 0, 'active']);
    switch (named.name) {
      case 'ID':
        return badIds(world);
      case 'Int':
        return badInts;
      case 'DateTime':
        return field === 'endsAt' ? [...badDates, ...pastDates] : badDates;
      case 'Boolean':
        return values('Boolean', ['true', 0, 'Zq3vX9bK7mTw']);
      default:
        return [...values('text', ['', ' ', '\n', 12345678, MEGABYTE]), ...notPlainText];
    }
  };
  const isRight = (value: unknown) => typeof value === 'boolean' && named.name === 'Boolean';
  return [...missing, ...wrongTypes.filter(({ value }) => !isRight(value)), ...own()];
}

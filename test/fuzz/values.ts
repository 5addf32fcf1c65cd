import fc from 'fast-check';
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { permissions } from '../../src/identity/permissions.ts';

/** Global ids that there are in the installation, and cursors. */
export interface Pool {
  readonly ids: readonly string[];
  readonly cursors: readonly string[];
}

const UUID = '0190b6a8-0000-7000-8000-000000000000';
const oddTexts = [
  '',
  ' ',
  '\n',
  '\t',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  'x\ud83d',
  '\u202e',
  '\ufeff',
  '\u0000\u0001',
  '\u001b[31m',
  "'",
  '"',
  '\\',
  '\\x00',
  '%',
  '_',
  '%00',
  '%zz',
  '{}',
  '[]',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e400',
  '__proto__',
  'constructor',
  'toString',
  "' or 1=1 --",
  '"; drop table organization; --',
  '$1',
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  'file:///etc/passwd',
  'http://169.254.169.254/',
  'https://a.example/x?y#z',
  'javascript:alert(1)',
  '=cmd()',
  '@SUM(1)',
  '\r\nset-cookie: a=b',
  'e\u0301',
  'İ',
  'ß',
  'ﷺ',
  '🔑',
  '👨‍👩‍👧‍👦',
  'a@b',
  'root',
  '*',
  UUID,
];

export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 4, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ minLength: 190, maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '\0', '🔑', '\\', 'ﷺ'), fc.nat(60_000))
      .map(([unit, count]) => unit.repeat(count)),
  },
);

/** Given as nothing else: after the run it is looked for. */
const keyString = fc.stringMatching(/^[A-Za-z0-9]{12}$/);

/** Some objects have a `toString` that is no function. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** What a header can hold at all: the rest is for raw bytes. */
export const headerText = (value: unknown): string =>
  asText(value)
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 2000);

const integer = fc.oneof(
  fc.constantFrom(-(2 ** 31), -1, 0, 1, 2, 49, 50, 199, 200, 201, 2 ** 31 - 1),
  fc.constantFrom<number>(2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e300, -1e300, 0.5, -0, 5e-324),
  fc.integer({ min: -5, max: 300 }),
);

const instant = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date('2024-01-01'), max: new Date('2032-01-01') })
    .map((date) => date.toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom<unknown>(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '-271821-04-20T00:00:00.000Z',
    '+275760-09-13T00:00:00.000Z',
    '2030-02-30T00:00:00Z',
    '2030-01-01T00:00:00+14:00',
    '2030-01-01T00:00:60Z',
    '2030-01-01',
    '',
    0,
    8.64e15,
  ),
);

export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  text,
  integer,
  fc.nat(60).map((depth) => JSON.parse(`${'['.repeat(depth)}0${']'.repeat(depth)}`) as unknown),
);

/** Ids: of the type that the name of the argument speaks of, of any other, changed a little, and none at all. */
export function idFor(name: string, pool: Pool): fc.Arbitrary<unknown> {
  const fitting = pool.ids.filter((id) => name.toLowerCase().startsWith(typeNameOf(id).toLowerCase()));
  const known = fc.constantFrom(...pool.ids, encodeGlobalId('Organization', UUID, UUID));
  const changed = fc.tuple(known, fc.nat(45), fc.constantFrom('', 'A', '_', '=', '\0', 'é')).map(([id, at, by]) => {
    return id.slice(0, at) + by + id.slice(at + 1);
  });
  return fc.oneof(
    { weight: 8, arbitrary: fitting.length > 0 ? fc.constantFrom(...fitting) : known },
    { weight: 2, arbitrary: known },
    { weight: 2, arbitrary: changed },
    { weight: 1, arbitrary: fc.oneof(text, integer) },
  );
}

const typeNames: Readonly<Record<string, string>> = {
  p: 'serviceProvider',
  o: 'organization',
  s: 'subscription',
  k: 'apiKey',
  m: 'staffMember',
  c: 'secret',
  r: 'customRole',
  i: 'trustedIssuer',
  a: 'authorizationServer',
  n: 'apiSession',
  d: 'delegation',
};

function typeNameOf(id: string): string {
  const letter = String.fromCharCode(Buffer.from(id, 'base64url')[0] ?? 0);
  return typeNames[letter] ?? letter;
}

const cursor = (pool: Pool): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...pool.cursors, ''),
    fc
      .tuple(
        fc.constantFrom('NAME_ASC', 'AT_DESC', 'CREATED_AT_DESC', ''),
        fc.oneof(text, instant),
        fc.constantFrom(UUID, 'x'),
      )
      .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
    anything.map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')),
    text,
  );

/** Values for an argument or an input field: mostly of its type, at its edges; now and then of another; now and then none. */
export function valuesOf(name: string, type: GraphQLInputType, pool: Pool): fc.Arbitrary<unknown> {
  const own = isNonNullType(type) ? type.ofType : type;
  return fc.oneof(
    { weight: 14, arbitrary: fittingValues(name, own, pool) },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
}

function fittingValues(name: string, type: GraphQLInputType, pool: Pool): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return valuesOf(name, type, pool);
  if (isListType(type)) return listOf(valuesOf(name, type.ofType, pool));
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const model = Object.fromEntries(
      fields.map((field) => [
        field.name,
        fc.option(valuesOf(field.name, field.type, pool), { nil: undefined, freq: isNonNullType(field.type) ? 40 : 1 }),
      ]),
    );
    const right = fc.record(model);
    return fc.oneof(
      { weight: 20, arbitrary: right },
      {
        weight: 1,
        arbitrary: fc.tuple(right, text, anything).map(([object, key, value]) => ({ ...object, [key]: value })),
      },
    );
  }
  return isScalarType(type) ? scalarValues(name, type.name, pool) : anything;
}

function scalarValues(name: string, type: string, pool: Pool): fc.Arbitrary<unknown> {
  if (name === 'newKey') return fc.oneof({ weight: 4, arbitrary: keyString }, text);
  if (name === 'permissions') return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...permissions) }, text);
  switch (type) {
    case 'ID':
      return idFor(name, pool);
    case 'Int':
      return integer;
    case 'Float':
      return fc.oneof(integer, fc.double());
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return instant;
    default:
      return name === 'after' ? cursor(pool) : text;
  }
}

const listOf = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(item, { maxLength: 4 }) },
    { weight: 1, arbitrary: item },
    { weight: 1, arbitrary: fc.tuple(item, fc.nat(400)).map(([one, count]) => Array(count).fill(one)) },
  );

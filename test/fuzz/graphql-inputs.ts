import fc from 'fast-check';
import { type Caller, callersOf } from './callers.ts';
import type { Operation } from './documents.ts';
import { anything, headerText, idFor, text, valuesOf } from './values.ts';
import type { FuzzWorld } from './world.ts';

/** One request to /graphql, or to /graphql/stream. */
export interface Input {
  readonly by: Caller;
  /** Under which delegation it asks to act. */
  readonly delegation: string | null;
  readonly body: string;
}

/** JSON as GraphQL writes it, whether or not a type would take it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([name, field]) => /^[_A-Za-z]\w*$/.test(name) && field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${literal(field)}`).join(', ')} }`;
}

function withLiterals({ document }: Operation, variables: Readonly<Record<string, unknown>>): string {
  const body = document.replace(/^(query|mutation|subscription) \([^)]*\) /, '$1 ');
  return body.replace(/\$(v\d+)\b/g, (_, name: string) => literal(variables[name]));
}

const pieces = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '"',
  '"""',
  '$v0',
  ':',
  '...',
  '@',
  '!',
  '&',
  '|',
  '#',
  ',',
  '\0',
  '\ud800',
  '@include(if: true)',
  '@skip(if: $v9)',
  '... on Query',
  '__schema { types { name } }',
  '__typename',
  'id',
  '99999999999999999999',
  '-',
  '0.0.0',
  '"\\u{110000}"',
  '"\\q"',
];

/** A document in which something is left out, told twice, or put in. */
function spoilt(document: string): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(document.length),
    fc.nat(12),
    fc.oneof(fc.constantFrom(...pieces), fc.constant(''), text),
  );
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce((all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length), document),
    );
}

const deep = fc
  .tuple(fc.nat(400), fc.constantFrom('{a', '[', '(a:', '...on A{', '{a(b:['))
  .map(([depth, unit]) => unit.repeat(depth));

function variablesOf({ variables }: Operation, { pool }: FuzzWorld): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(variables.map(({ name, argument, type }) => [name, valuesOf(argument, type, pool)])),
  );
}

/** Requests to one operation: right documents with odd variables, the same as literals, spoilt documents, and odd bodies. */
export function inputsOf(operation: Operation, world: FuzzWorld): fc.Arbitrary<Input> {
  const { document } = operation;
  const variables = variablesOf(operation, world);
  const bodies = fc.oneof(
    { weight: 14, arbitrary: variables.map((given) => ({ variables: given, query: document })) },
    { weight: 3, arbitrary: variables.map((given) => ({ query: withLiterals(operation, given) })) },
    { weight: 3, arbitrary: fc.record({ variables, query: spoilt(document) }) },
    { weight: 1, arbitrary: fc.record({ query: fc.oneof(text, deep, anything), variables: anything }) },
    {
      weight: 1,
      arbitrary: fc.record({
        query: fc.constant(document),
        variables: fc.oneof(variables, anything),
        operationName: anything,
        extensions: anything,
      }),
    },
  );
  const sent = fc.oneof(
    { weight: 30, arbitrary: bodies.map((body) => JSON.stringify(body)) },
    {
      weight: 1,
      arbitrary: fc.tuple(bodies, fc.nat(4000), text).map(([body, at, put]) => JSON.stringify(body).slice(0, at) + put),
    },
    { weight: 1, arbitrary: fc.array(bodies, { maxLength: 3 }).map((batch) => JSON.stringify(batch)) },
  );
  const delegation = fc.option(idFor('delegation', world.pool).map(headerText), { freq: 1 });
  return fc.record({
    by: callersOf(world),
    delegation: fc.tuple(fc.nat(15), delegation).map(([chance, id]) => (chance === 0 ? id : null)),
    body: sent,
  });
}

import { readFileSync } from 'node:fs';
import {
  astFromValue,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  print,
} from 'graphql';
import { expect, test } from 'vitest';
import { printSortedSchema } from '../../src/graphql/print-schema.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import { errorCodesOfContract, readContract } from './contract.ts';

const schema = programSchema();
const contract = readContract();

test('schema.graphql is what the code emits', () => {
  const committed = readFileSync('schema.graphql', 'utf8');
  expect(printSortedSchema(schema), 'schema.graphql is out of date: run `npm run schema`').toBe(committed);
});

test('nothing of the contract is missing, renamed or narrower', () => {
  expect(findBreakingChanges(contract, schema).map(({ description }) => description)).toEqual([]);
});

test('every default value of the contract is the default', () => {
  const changed = findDangerousChanges(contract, schema).filter(({ type }) => type === 'ARG_DEFAULT_VALUE_CHANGE');
  expect(changed.map(({ description }) => description)).toEqual([]);
  const ours = defaultsOf(schema);
  for (const [place, value] of defaultsOf(contract)) expect(ours.get(place), place).toBe(value);
});

test('every code of the contract is one', () => {
  const errorCode = schema.getType('ErrorCode');
  const codes = isEnumType(errorCode) ? errorCode.getValues().map(({ name }) => name) : [];
  expect(codes).toEqual(expect.arrayContaining(errorCodesOfContract));
});

test('the comparison finds a missing field, a narrower type and a missing code', () => {
  const text = readFileSync('schema.graphql', 'utf8');
  const breakingOf = (from: string | RegExp, to: string) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    return findBreakingChanges(contract, buildSchema(changed)).map(({ description }) => description);
  };
  expect(breakingOf(/ {2}"""[^"]*"""\n {2}maskedKey: String\n/, '')).toEqual(['ApiKey.maskedKey was removed.']);
  expect(breakingOf('status: ApiKeyStatus!', 'status: ApiKeyStatus')).toHaveLength(1);
  expect(breakingOf(/ {2}DUPLICATE_NAME\n/, '')).toHaveLength(1);
});

/** Default values of arguments and input fields, by place. */
function defaultsOf(of: GraphQLSchema): Map<string, string> {
  const defaults = new Map<string, string>();
  const add = (place: string, { defaultValue, type }: GraphQLArgument | GraphQLInputField) => {
    if (defaultValue === undefined) return;
    const literal = astFromValue(defaultValue, type);
    if (literal) defaults.set(place, print(literal));
  };
  for (const [name, type] of Object.entries(of.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) add(`${name}.${field.name}`, field);
    } else if (isObjectType(type) && !name.startsWith('__')) {
      for (const field of Object.values(type.getFields())) {
        for (const argument of field.args) add(`${name}.${field.name}(${argument.name}:)`, argument);
      }
    }
  }
  return defaults;
}

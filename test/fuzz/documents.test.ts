import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { limitRules, MOST_POINTS, MOST_TOKENS } from '../../src/graphql/limits.ts';
import { createCostCounter } from '../../src/graphql/query-cost.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import { operationsOf } from './documents.ts';

const schema = programSchema();
const operations = (['query', 'mutation', 'subscription'] as const).flatMap((kind) => operationsOf(schema, kind));

test.for(operations)(
  'the document of $name is right, and within the limits: the inputs get to the resolvers',
  ({ document }) => {
    const parsed = parse(document, { maxTokens: MOST_TOKENS });
    expect(validate(schema, parsed)).toEqual([]);
    expect(validate(schema, parsed, limitRules)).toEqual([]);
    expect(createCostCounter(schema)(parsed, null, {})).toBeLessThan(MOST_POINTS);
  },
);

test('there is one for every field of Query, Mutation and Stream', () => {
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(operations.map(({ name }) => name)).toEqual(fields);
});

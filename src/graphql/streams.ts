import {
  type GraphQLFieldConfig,
  GraphQLID,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  isObjectType,
} from 'graphql';
import { watchBulkOperationType } from '../bulk-operation/bulk-operation.resolver.ts';
import { validationFailed } from '../errors.ts';
import type { GraphQLContext } from './graphql-context.ts';

/**
 * Adds the root of subscriptions. type-graphql calls it `Subscription` and nothing else, and that is what a customer of the
 * API has: here it is `Stream`.
 */
export function withStreams(schema: GraphQLSchema): GraphQLSchema {
  const subscription = new GraphQLObjectType({
    name: 'Stream',
    description: 'What subscriptions ask for, at /graphql/stream, by server-sent events.',
    fields: { bulkOperation: bulkOperation(schema) },
  });
  return new GraphQLSchema({ ...schema.toConfig(), subscription });
}

function bulkOperation(schema: GraphQLSchema): GraphQLFieldConfig<unknown, GraphQLContext, { readonly id: string }> {
  const type = schema.getType('BulkOperation');
  if (!isObjectType(type)) throw new Error('the schema has lost BulkOperation');
  return {
    type,
    args: { id: { type: new GraphQLNonNull(GraphQLID) } },
    description:
      'The operation as it is, and again whenever it has moved on, until it has ended. Nothing of one that does not exist or is out of sight.',
    subscribe: (_, { id }, ctx) => watchBulkOperationType(ctx, id),
    resolve: (state) => {
      if (state !== undefined) return state;
      throw validationFailed('id', 'Subscribe at /graphql/stream, with the header "Accept: text/event-stream".');
    },
  };
}

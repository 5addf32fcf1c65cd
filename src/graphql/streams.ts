import { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { bulkOperationStream } from '../bulk-operation/watch-bulk-operation.resolver.ts';
import { eventStream } from '../events/watch-events.resolver.ts';
import type { StreamContext } from './stream-field.ts';

/**
 * Adds the root of subscriptions. type-graphql calls it `Subscription` and nothing else, and that is what a customer of the
 * API has: here it is `Stream`.
 */
export function withStreams(schema: GraphQLSchema): GraphQLSchema {
  const subscription = new GraphQLObjectType<unknown, StreamContext>({
    name: 'Stream',
    description: 'What subscriptions ask for, at /graphql/stream, by server-sent events.',
    fields: { bulkOperation: bulkOperationStream(schema), events: eventStream(schema) },
  });
  return new GraphQLSchema({ ...schema.toConfig(), subscription });
}

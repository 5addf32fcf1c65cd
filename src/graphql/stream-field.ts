import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { validationFailed } from '../errors.ts';
import type { GraphQLContext } from './graphql-context.ts';

/** What a subscription is given. */
export interface StreamContext extends GraphQLContext {
  /** Nobody listens any more, or may. */
  readonly signal: AbortSignal;
}

export interface Stream<Args, Event> {
  /** What is told, each time: an object type of the schema. */
  readonly type: string;
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly description: string;
  /**
   * Ends when the context's signal is given. Each event is made when the client has taken those before it.
   * @throws DomainError
   */
  readonly subscribe: (args: Args, ctx: StreamContext) => AsyncIterable<Event>;
}

/** A field of `Stream`: one subscription. Each is in a file of its own, and listed in streams.ts. */
export type StreamField = GraphQLFieldConfig<unknown, StreamContext>;

/** @throws Error when the schema has no such type */
export function streamField<Args, Event>(
  schema: GraphQLSchema,
  { type, args, description, subscribe }: Stream<Args, Event>,
): GraphQLFieldConfig<unknown, StreamContext, Args> {
  return {
    type: objectType(schema, type),
    args,
    description,
    subscribe: (_, given, ctx) => subscribe(given, ctx),
    resolve: (event) => {
      if (event !== undefined) return event;
      throw validationFailed(
        'query',
        'Subscribe at /graphql/stream: subscriptions are answered by server-sent events.',
      );
    },
  };
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`the schema has lost ${name}`);
  return type;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { Logger } from 'pino';
import { formatError } from '../graphql/error-format.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { limitRules, MOST_TOKENS } from '../graphql/limits.ts';

const ONLY_SUBSCRIPTIONS = 'Only subscriptions are answered here. Send queries and mutations to /graphql.';

/** Subscriptions by server-sent events, in the distinct connections mode of the GraphQL over SSE protocol. */
export function registerStream(
  app: FastifyInstance,
  schema: GraphQLSchema,
  log: Logger,
  suggestions: boolean,
  createContext: (request: FastifyRequest) => Promise<GraphQLContext>,
): void {
  const onInternal = (cause: unknown) => log.error({ err: cause }, 'subscription failed');
  const formatted = (result: ExecutionResult): ExecutionResult => {
    const errors = result.errors?.map((error) => {
      const { message, ...more } = formatError(error.toJSON(), error, { suggestions, onInternal });
      return new GraphQLError(message, { extensions: more.extensions ?? {}, path: more.path ?? null });
    });
    return errors === undefined ? result : { ...result, errors };
  };
  const ends = new Set<() => void>();
  // A stream would keep a stopping server alive.
  app.addHook('preClose', async () => {
    for (const end of ends) end();
  });
  app.route({
    url: '/graphql/stream',
    method: ['GET', 'POST'],
    async handler(request, reply) {
      const contextValue = await createContext(request);
      const handle = createHandler<GraphQLContext & Record<PropertyKey, unknown>>({
        onSubscribe: (_, { query, operationName, variables }) => {
          const asked = prepare(schema, query, operationName);
          if ('errors' in asked) return { data: null, ...formatted(asked) };
          return { schema, ...asked, operationName, variableValues: variables, contextValue: { ...contextValue } };
        },
        onNext: (_, __, result) => formatted(result as ExecutionResult), // nothing here is sent in patches
      });
      reply.hijack();
      const end = () => reply.raw.end();
      ends.add(end);
      await handle(request, reply)
        .catch((error: unknown) => {
          onInternal(error);
          reply.raw.destroy();
        })
        .finally(() => ends.delete(end));
    },
  });
}

/** The document, when it is a subscription within the bounds; otherwise why not. */
function prepare(
  schema: GraphQLSchema,
  query: string,
  operationName: string | undefined | null,
): Pick<ExecutionArgs, 'document'> | { readonly errors: readonly GraphQLError[] } {
  try {
    const document = parse(query, { maxTokens: MOST_TOKENS });
    const errors = validate(schema, document, [...specifiedRules, ...limitRules]);
    if (errors.length > 0) return { errors: errors.map(asBadInput) };
    if (getOperationAST(document, operationName)?.operation === 'subscription') return { document };
    return { errors: [asBadInput(new GraphQLError(ONLY_SUBSCRIPTIONS))] };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [asBadInput(error)] };
    throw error;
  }
}

function asBadInput({ message }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { answeringWhileDatabaseIsAway } from './database-away.ts';
import { type ErrorFormat, formatError } from './error-format.ts';
import { executingGateway } from './executor.ts';
import type { GraphQLContext } from './graphql-context.ts';
import { limitRules, MOST_TOKENS } from './limits.ts';
import { recordingRefusedReads } from './refused-reads.ts';

/** Clients may read the schema by queries where they are told names like the one they misspelt. */
export function createApolloServer(
  schema: GraphQLSchema,
  app: FastifyInstance,
  log: Logger,
  format: ErrorFormat,
): ApolloServer<GraphQLContext> {
  return new ApolloServer<GraphQLContext>({
    gateway: executingGateway(schema, log),
    plugins: [
      fastifyApolloDrainPlugin(app),
      logOperations,
      recordingRefusedReads(),
      answeringWhileDatabaseIsAway,
      // Apollo's default of these wraps every resolver, or speaks to somebody else's server.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    parseOptions: { maxTokens: MOST_TOKENS },
    validationRules: limitRules,
    formatError: (formatted, error) => formatError(formatted, error, format),
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    introspection: format.suggestions,
    csrfPrevention: true,
    logger: log,
  });
}

/** Only the schema's own names: what a client calls its operation may be anything. */
const logOperations: ApolloServerPlugin<GraphQLContext> = {
  async requestDidStart() {
    const startedAt = performance.now();
    return {
      async willSendResponse({ operation, contextValue, response }) {
        const fields = operation?.selectionSet.selections.map((selection) =>
          selection.kind === 'Field' ? selection.name.value : '...',
        );
        const codes =
          response.body.kind === 'single'
            ? response.body.singleResult.errors?.map((error) => error.extensions?.['code'])
            : [];
        const durationMs = Math.round(performance.now() - startedAt);
        const { requestId, log } = contextValue;
        log.info({ requestId, operation: operation?.operation, fields, codes, durationMs }, 'graphql');
      },
    };
  },
};

import { HeaderMap } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { DomainError, httpStatusOf, RateLimitedError } from '../errors.ts';
import { createApolloServer } from '../graphql/apollo.ts';
import { databaseAway } from '../graphql/database-away.ts';
import { extensionsOf, reportTo } from '../graphql/error-format.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { programSchema } from '../graphql/schema.ts';
import type { GraphqlMeter } from '../metrics/meter.ts';
import { LONGEST_REQUEST_MS } from './app.ts';
import { withDeadline } from './deadline.ts';
import { registerStream } from './graphql-stream.ts';
import { createRequestContext } from './request-context.ts';

export async function registerGraphql(
  app: FastifyInstance,
  services: Services,
  authenticate: Authenticate,
  introspection: boolean,
  meter: GraphqlMeter | null,
): Promise<void> {
  const schema = programSchema();
  const format = { suggestions: introspection, report: reportTo(services.log, meter) };
  registerStream(app, schema, format, (request) => createContext(request, services, authenticate));
  const apollo = createApolloServer(schema, app, services.log, format);
  await apollo.start();
  const handle = fastifyApolloHandler(apollo, {
    context: (request) =>
      createContext(request, services, authenticate).catch((error: unknown) => refuse(error, services)),
  });
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler(request, reply) {
      return withDeadline(LONGEST_REQUEST_MS, Promise.resolve(handle.call(this, request, reply)));
    },
  });
}

async function createContext(
  request: FastifyRequest,
  services: Services,
  authenticate: Authenticate,
): Promise<GraphQLContext> {
  const context = await createRequestContext(request, services, authenticate);
  return { ...context, loaders: createLoaders(context) };
}

function refuse(error: unknown, { database }: Services): never {
  if (database.isAway(error)) throw databaseAway(error);
  if (!(error instanceof DomainError)) throw error;
  const headers = new HeaderMap();
  if (error instanceof RateLimitedError) headers.set('retry-after', String(error.retryAfterSeconds));
  const http = { status: httpStatusOf(error.code), headers };
  throw new GraphQLError(error.message, { originalError: error, extensions: { ...extensionsOf(error), http } });
}

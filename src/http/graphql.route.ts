import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { DomainError, httpStatusOf } from '../errors.ts';
import { createApolloServer } from '../graphql/apollo.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { createSchema } from '../graphql/schema.ts';
import { LONGEST_REQUEST_MS } from './app.ts';
import { withDeadline } from './deadline.ts';
import { createRequestContext } from './request-context.ts';

export async function registerGraphql(
  app: FastifyInstance,
  services: Services,
  authenticate: Authenticate,
): Promise<void> {
  const apollo = createApolloServer(createSchema(), app, services.log);
  await apollo.start();
  const handle = fastifyApolloHandler(apollo, { context: (request) => createContext(request, services, authenticate) });
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
  const context = await createRequestContext(request, services, authenticate).catch(asGraphQLError);
  return { ...context, loaders: createLoaders(context) };
}

function asGraphQLError(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new GraphQLError(error.message, {
    extensions: { code: error.code, http: { status: httpStatusOf(error.code) } },
  });
}

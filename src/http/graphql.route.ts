import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Services } from '../context.ts';
import { createApolloServer } from '../graphql/apollo.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { createSchema } from '../graphql/schema.ts';
import type { Authenticate } from '../identity/authenticate.ts';
import { LONGEST_REQUEST_MS } from './app.ts';
import { withDeadline } from './deadline.ts';

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
  const now = new Date();
  const token = bearerToken(request);
  const actor = token === null ? null : await authenticate(token, now);
  if (actor === null) throw unauthenticated();
  const context = { ...services, actor, requestId: request.id, now, ipAddress: request.ip };
  return { ...context, loaders: createLoaders(context) };
}

function bearerToken(request: FastifyRequest): string | null {
  return /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function unauthenticated(): GraphQLError {
  const message = 'Sign in at POST /auth/login and send the token as "Authorization: Bearer <token>".';
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}

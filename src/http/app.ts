import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { type DomainError, validationFailed } from '../errors.ts';
import { failWith } from './failure.ts';
import { answerMalformed } from './malformed-request.ts';
import { limitReceiving, type ReceivingLimits } from './receiving-limits.ts';
import { responseClassWith, securityHeadersFor } from './security-headers.ts';
import { endUnusedConnections } from './unused-connections.ts';

/** Large enough for a list of some thousand ids. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;
/** To send a request in, and then to answer it (deadline.ts). */
export const LONGEST_REQUEST_MS = 30_000;
const RECEIVING: ReceivingLimits = { longestMs: LONGEST_REQUEST_MS, longestSlowMs: 30 * 60_000 };

/**
 * The bare HTTP application: limits, headers, request ids, and one form for every error.
 * @param trustedProxies whose `X-Forwarded-*` counts; nobody else's does
 */
export async function createApp(
  services: Services,
  isStopping: () => boolean,
  trustedProxies: readonly string[] = [],
  receiving: ReceivingLimits = RECEIVING,
): Promise<FastifyInstance> {
  const headers = securityHeadersFor(services.publicUrl);
  const app = Fastify({
    // A request without a host is refused below, in the form that every error has.
    http: { ServerResponse: responseClassWith(headers), requireHostHeader: false },
    clientErrorHandler: answerMalformed(headers),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: 0, // below, by route
    frameworkErrors: (error, request, reply) => answerError(services, error, request, reply),
    genReqId: () => randomUUID(), // Node keeps random bytes for these: one costs a tenth of a UUIDv7, which no request needs
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  endUnusedConnections(app);
  limitReceiving(app, receiving);
  await app.register(cookie);
  // With callbacks: a promise for each request and hook is what a busy server would notice.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done(refusalOfHost(request, services.publicUrl));
  });
  // A client that keeps its connection would keep a stopping server alive.
  app.addHook('onSend', (_, reply, payload, done) => {
    if (isStopping()) reply.header('connection', 'close');
    done(null, payload);
  });
  app.setErrorHandler((error, request, reply) => answerError(services, error, request, reply));
  app.setNotFoundHandler((_, reply) => {
    const hint = app.hasRoute({ method: 'POST', url: '/graphql' }) ? ' GraphQL is at /graphql.' : '';
    reply.code(404).send({ code: 'NOT_FOUND', message: `There is nothing at this address.${hint}` });
  });
  return app;
}

const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/** Of HTTP/1.0 it is not asked: who sends none means the one site that there is. */
function refusalOfHost(request: FastifyRequest, publicUrl: string): DomainError | undefined {
  const { headers, httpVersion } = request.raw;
  if (httpVersion === '1.0') headers.host ??= new URL(publicUrl).host;
  if (HOST.test(request.host)) return undefined;
  return validationFailed('host', 'Send a Host header that names this server.');
}

function answerError(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { code, message } = failWith(services, error, request, reply);
  reply.header('x-request-id', request.id); // what fails before routing comes past no hook
  reply.send({ code, message, errors: [{ message, extensions: { code } }] });
}

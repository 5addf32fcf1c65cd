import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Doing, doingAs } from '../watching/current.ts';
import type { Span, Tracer } from '../watching/span.ts';
import type { Trusts } from './trusted-peers.ts';

/** Asked for every second by whoever watches, and told of elsewhere. */
const LEFT_OUT = new Set(['/healthz', '/readyz']);

/**
 * Whatever a request does is done under its id, and, with traces on, is a part of its span. The route is told as it is
 * registered: what was asked for may name anybody. Streams are no spans, since they last for as long as somebody listens.
 * @param trusts whose `traceparent` counts: anybody else could have everything kept
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer | null, trusts: Trusts): void {
  const doings = new WeakMap<FastifyRequest, Doing>();
  app.addHook('onRequest', (request, _, done) => {
    const span = tracer === null ? null : begin(tracer, request, trusts);
    const doing = { requestId: request.id, span };
    doings.set(request, doing);
    doingAs(doing, done);
  });
  // What reads a body calls back as part of the connection, not of the request.
  app.addHook('preValidation', (request, _, done) => {
    const doing = doings.get(request);
    if (doing === undefined) done();
    else doingAs(doing, done);
  });
  if (tracer === null) return;
  app.addHook('onResponse', (request, reply, done) => {
    end(doings.get(request)?.span ?? null, reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    doings.get(request)?.span?.end('aborted');
    done();
  });
}

function begin(tracer: Tracer, request: FastifyRequest, trusts: Trusts): Span | null {
  const route = request.routeOptions.url ?? 'none';
  if (LEFT_OUT.has(route) || route.endsWith('/stream')) return null;
  const { traceparent } = request.headers;
  const parent = typeof traceparent === 'string' && trusts(request) ? traceparent : null;
  const attributes = { 'http.request.method': request.method, 'http.route': route, 'keyward.request_id': request.id };
  return tracer.begin(`${request.method} ${route}`, { kind: 'SERVER', attributes }, parent);
}

function end(span: Span | null, status: number): void {
  span?.set({ 'http.response.status_code': status });
  span?.end(status >= 500 ? String(status) : undefined);
}

import type { FastifyInstance } from 'fastify';
import type { RequestMeter } from '../metrics/meter.ts';

const MS_PER_SECOND = 1000;

/**
 * Tells how long each answer took, by the route as it is registered: what was asked for may name anybody. Streams are left
 * out, which last for as long as somebody listens.
 */
export function measureRequests(app: FastifyInstance, meter: RequestMeter): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    if (!route.endsWith('/stream'))
      meter.answered(request.method, route, reply.statusCode, reply.elapsedTime / MS_PER_SECOND);
    done();
  });
}

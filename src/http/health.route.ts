import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';

/** `/healthz`: the process lives. `/readyz`: it can do its work; 503 while it cannot, or is about to stop. */
export function registerHealth(app: FastifyInstance, { database }: Services, isStopping: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const isReachable = await database.isReachable();
    const isReady = isReachable && !isStopping();
    const checks = { database: isReachable ? 'ok' : 'unreachable', process: isStopping() ? 'stopping' : 'ok' };
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', checks });
  });
}

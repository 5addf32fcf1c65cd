import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';

/**
 * `/healthz`: the process lives. `/readyz`: it can do its work; 503 while it cannot, or is about to stop. Without a key
 * encryption key it does all that needs none, which is `degraded` and still 200: it is no worse than another process.
 */
export function registerHealth(
  app: FastifyInstance,
  { decisionDatabase, keyRing }: Services,
  isStopping: () => boolean,
): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    // Not where commands wait for each other: a process that is busy with them decides about calls all the same.
    const isReachable = await decisionDatabase.isReachable();
    const isReady = isReachable && !isStopping();
    const checks = {
      database: isReachable ? 'ok' : 'unreachable',
      process: isStopping() ? 'stopping' : 'ok',
      keyEncryptionKey: keyRing.isAvailable ? 'ok' : 'missing',
    };
    const ready = keyRing.isAvailable ? 'ready' : 'degraded';
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? ready : 'not ready', checks });
  });
}

import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may take its time, as long as something of it comes: the route takes in large files. */
    readonly bodyMayBeSlow?: boolean;
  }
}

export interface ReceivingLimits {
  /** For the headers, and again for the body. Of a body that may be slow: in which something of it must come. */
  readonly longestMs: number;
  /** For a body that may be slow. */
  readonly longestSlowMs: number;
}

/**
 * Ends requests that do not come to their end in time, so that nobody holds a connection by sending nothing. The time for
 * the headers is a setting of the server itself: nobody knows the route by then.
 */
export function limitReceiving(app: FastifyInstance, { longestMs, longestSlowMs }: ReceivingLimits): void {
  app.server.headersTimeout = longestMs;
  app.addHook('onRequest', async (request) => {
    if (!hasBody(request)) return;
    const { raw } = request;
    const mostLooks = request.routeOptions.config.bodyMayBeSlow === true ? longestSlowMs / longestMs : 1;
    let received = raw.socket.bytesRead;
    let looks = 0;
    const timer = setInterval(() => {
      if (raw.complete) return clearInterval(timer);
      const isMoving = raw.socket.bytesRead > received;
      received = raw.socket.bytesRead;
      if (isMoving && ++looks < mostLooks) return;
      clearInterval(timer);
      giveUp(app, request);
    }, longestMs);
    raw.once('close', () => clearInterval(timer));
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** As the server itself does when the headers do not come. */
function giveUp(app: FastifyInstance, { raw: { socket } }: FastifyRequest): void {
  const error = Object.assign(new Error('the body did not come in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  app.server.emit('clientError', error, socket);
  socket.destroySoon();
}

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

export interface Download {
  /** File name without what makes it unique. */
  readonly name: string;
  readonly extension: string;
  readonly mediaType: string;
  readonly at: Date;
  /** What it consists of, each made when the client has taken those before it. */
  readonly parts: AsyncIterable<string>;
}

/**
 * Sends a file, as long as it may be. What fails after the first byte cuts the connection: no part of a file looks like
 * the whole.
 */
export function sendDownload(log: Logger, request: FastifyRequest, reply: FastifyReply, download: Download) {
  const { name, extension, mediaType, at, parts } = download;
  const fileName = `keyward-${name}-${at.toISOString().replaceAll(/[:.]/g, '-')}.${extension}`;
  reply.headers({
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  });
  const file = Readable.from(parts, { objectMode: false, highWaterMark: 1 });
  file.on('error', (error) => log.error({ err: error, requestId: request.id }, `${name} export broke off`));
  return reply.send(file);
}

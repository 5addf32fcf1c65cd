import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { createRequestContext } from '../http/request-context.ts';
import { parseAuditExport } from './audit-export.input.ts';
import { exportFormats } from './audit-export.type.ts';
import { exportAuditEvents } from './export-audit.service.ts';
import type { AuditEvent } from './list-audit-events.ts';

/**
 * `GET /audit/export?format=ndjson|csv&since&until&organizationId&actorId&action`: the trail as a file, as long as it may
 * be. What fails after the first byte cuts the connection: no part of a file looks like the whole.
 */
export function registerAuditExport(app: FastifyInstance, services: Services, authenticate: Authenticate): void {
  app.get('/audit/export', { exposeHeadRoute: false }, async (request, reply) => {
    const context = () => createRequestContext(request, services, authenticate);
    const ctx = await context();
    const { format, filter } = parseAuditExport(request.query);
    const pages = await exportAuditEvents(ctx, { filter, format, authenticate: context });
    const { mediaType, header, lines } = exportFormats[format];
    const name = `keyward-audit-${ctx.now.toISOString().replaceAll(/[:.]/g, '-')}.${format}`;
    reply.headers({
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    });
    const file = Readable.from(fileOf(header, pages, lines), { objectMode: false, highWaterMark: 1 });
    file.on('error', (error) => services.log.error({ err: error, requestId: request.id }, 'audit export broke off'));
    return reply.send(file);
  });
}

async function* fileOf(
  header: string,
  pages: AsyncIterable<readonly AuditEvent[]>,
  lines: (events: readonly AuditEvent[]) => string,
): AsyncGenerator<string> {
  if (header !== '') yield header;
  for await (const events of pages) yield lines(events);
}

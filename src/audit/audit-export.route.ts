import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { sendDownload } from '../http/download.ts';
import { createRequestContext } from '../http/request-context.ts';
import { parseAuditExport } from './audit-export.input.ts';
import { exportFormats } from './audit-export.type.ts';
import { exportAuditEvents } from './export-audit.service.ts';
import type { AuditEvent } from './list-audit-events.ts';

/** `GET /audit/export?format=ndjson|csv&since&until&serviceProviderId&organizationId&actorId&action&refused`: the trail as a file. */
export function registerAuditExport(app: FastifyInstance, services: Services, authenticate: Authenticate): void {
  app.get('/audit/export', { exposeHeadRoute: false }, async (request, reply) => {
    const context = () => createRequestContext(request, services, authenticate);
    const ctx = await context();
    const { format, filter } = parseAuditExport(request.query);
    const pages = await exportAuditEvents(ctx, { filter, format, authenticate: context });
    const { mediaType, header, lines } = exportFormats[format];
    const parts = fileOf(header, pages, lines);
    const download = { name: 'audit', extension: format, mediaType, at: ctx.now, parts };
    return sendDownload(services.log, request, reply, download);
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

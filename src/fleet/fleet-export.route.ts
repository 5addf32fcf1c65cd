import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { CSV_MEDIA_TYPE } from '../csv.ts';
import { sendDownload } from '../http/download.ts';
import { createRequestContext } from '../http/request-context.ts';
import { exportFleet } from './export-fleet.service.ts';
import type { FleetItem } from './fleet.ts';
import { parseFleetExport } from './fleet-export.input.ts';
import { type FleetColumn, headerOf, linesOf } from './fleet-export.type.ts';

/** `GET /exports/organizations?format=csv&columns&…filter`: the organizations in sight as a file, without key strings. */
export function registerFleetExport(app: FastifyInstance, services: Services, authenticate: Authenticate): void {
  app.get('/exports/organizations', { exposeHeadRoute: false }, async (request, reply) => {
    const context = () => createRequestContext(request, services, authenticate);
    const ctx = await context();
    const { format, columns, filter } = parseFleetExport(request.query);
    const pages = await exportFleet(ctx, { filter, format, columns, authenticate: context });
    const parts = fileOf(columns, pages, ctx.now);
    const download = { name: 'organizations', extension: format, mediaType: CSV_MEDIA_TYPE, at: ctx.now, parts };
    return sendDownload(services.log, request, reply, download);
  });
}

async function* fileOf(
  columns: readonly FleetColumn[],
  pages: AsyncIterable<readonly FleetItem[]>,
  now: Date,
): AsyncGenerator<string> {
  yield headerOf(columns);
  for await (const items of pages) yield linesOf(columns, items, now);
}

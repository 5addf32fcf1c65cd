import { CSV_MEDIA_TYPE, toCsv } from '../csv.ts';
import { encodeActorId, encodeGlobalId } from '../graphql/global-id.ts';
import type { ExportFormat } from './audit-export.input.ts';
import type { AuditEvent } from './list-audit-events.ts';

interface Written {
  readonly mediaType: string;
  /** What stands before the first event. */
  readonly header: string;
  lines(events: readonly AuditEvent[]): string;
}

/** The forms in which events leave, under the names that they have in GraphQL. */
export const exportFormats: Record<ExportFormat, Written> = {
  ndjson: {
    mediaType: 'application/x-ndjson; charset=utf-8',
    header: '',
    lines: (events) => events.map((event) => `${JSON.stringify(toRecord(event))}\n`).join(''),
  },
  csv: {
    mediaType: CSV_MEDIA_TYPE,
    get header() {
      return toCsv([Object.keys(columns)]);
    },
    lines: (events) => toCsv(events.map((event) => Object.values(columns).map((column) => column(event)))),
  },
};

function toRecord(event: AuditEvent) {
  const { action, actorRole, onBehalfOf, result, before, after, note, ipAddress, requestId } = event;
  const organizationId = organizationIdOf(event);
  return {
    id: idOf(event),
    at: event.at.toISOString(),
    action,
    actor: { id: encodeActorId(event.actorId), displayName: event.actorName },
    actorRole,
    onBehalfOf,
    organization: organizationId === null ? null : { id: organizationId },
    result,
    before,
    after,
    note,
    ipAddress,
    requestId,
  };
}

const columns: Readonly<Record<string, (event: AuditEvent) => string | null>> = {
  id: idOf,
  at: ({ at }) => at.toISOString(),
  action: ({ action }) => action,
  'actor.id': ({ actorId }) => encodeActorId(actorId),
  'actor.displayName': ({ actorName }) => actorName,
  actorRole: ({ actorRole }) => actorRole,
  onBehalfOf: ({ onBehalfOf }) => onBehalfOf,
  'organization.id': organizationIdOf,
  result: ({ result }) => result,
  before: ({ before }) => before,
  after: ({ after }) => after,
  note: ({ note }) => note,
  ipAddress: ({ ipAddress }) => ipAddress,
  requestId: ({ requestId }) => requestId,
};

function idOf({ rootProviderId, id }: AuditEvent): string {
  return encodeGlobalId('AuditEvent', rootProviderId, id);
}

function organizationIdOf({ rootProviderId, organizationId }: AuditEvent): string | null {
  return organizationId === null ? null : encodeGlobalId('Organization', rootProviderId, organizationId);
}

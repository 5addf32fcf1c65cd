import { stringify } from 'csv-stringify/sync';
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
    mediaType: 'text/csv; charset=utf-8; header=present',
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

/** RFC 4180. A spreadsheet takes no cell for a formula: names and notes are what somebody typed. */
function toCsv(rows: readonly (readonly (string | null)[])[]): string {
  return stringify([...rows], {
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { string: withoutLineBefore },
  });
}

/** A line feed before a formula hides it from the check for one, and not from every spreadsheet. */
function withoutLineBefore(text: string): string {
  return text.startsWith('\n') ? `'${text}` : text;
}

function idOf({ rootProviderId, id }: AuditEvent): string {
  return encodeGlobalId('AuditEvent', rootProviderId, id);
}

function organizationIdOf({ rootProviderId, organizationId }: AuditEvent): string | null {
  return organizationId === null ? null : encodeGlobalId('Organization', rootProviderId, organizationId);
}

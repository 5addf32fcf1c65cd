import { z } from 'zod';
import { validationFailed } from '../errors.ts';
import { decodeActorId, decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import { auditActions } from './audit-event.ts';
import type { AuditEventFilter } from './list-audit-events.ts';

const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= Date.UTC(1000) && date.getTime() < Date.UTC(9999));

const parameters = z.strictObject({
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
  since: instant.optional(),
  until: instant.optional(),
  serviceProviderId: z.string().transform(decodeServiceProviderId).optional(),
  organizationId: z.string().transform(decodeOrganizationId).optional(),
  actorId: z.string().transform(decodeActorId).optional(),
  action: z.preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z.array(z.enum(auditActions)).optional(),
  ),
  refused: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

/** What each of them must be; the message of a refusal, which never repeats what was given. */
const forms: Record<keyof z.infer<typeof parameters>, string> = {
  format: 'format must be ndjson or csv.',
  since: 'since must be one RFC 3339 timestamp, such as 2026-11-21T00:00:00Z.',
  until: 'until must be one RFC 3339 timestamp, such as 2026-11-21T00:00:00Z.',
  serviceProviderId: 'serviceProviderId must be the id of one provider.',
  organizationId: 'organizationId must be the id of one organization.',
  actorId: 'actorId must be the id of one actor.',
  action: 'action must be the name of an action; give it several times for several.',
  refused: 'refused must be true or false.',
};

export type ExportFormat = z.infer<typeof parameters>['format'];

export interface AuditExportInput {
  readonly format: ExportFormat;
  readonly filter: AuditEventFilter;
}

/** What a query string asks for. A parameter that is wrong or unknown is refused: else it would export too much. */
export function parseAuditExport(query: unknown): AuditExportInput {
  const parsed = parameters.safeParse(query);
  if (!parsed.success) throw refusal(parsed.error.issues[0]?.path[0]);
  const { format, since = null, until = null, action = null, refused = null } = parsed.data;
  const { serviceProviderId, organizationId, actorId } = parsed.data;
  if (serviceProviderId === null) throw refusal('serviceProviderId');
  if (organizationId === null) throw refusal('organizationId');
  if (actorId === null) throw refusal('actorId');
  const filter = {
    serviceProvider: serviceProviderId ?? null,
    organization: organizationId ?? null,
    actorId: actorId ?? null,
    actions: action,
    refused,
    since,
    until,
  };
  return { format, filter };
}

function refusal(name: PropertyKey | undefined) {
  const known = Object.entries(forms).find(([parameter]) => parameter === name);
  if (known !== undefined) return validationFailed(known[0], known[1]);
  return validationFailed('query', `The only parameters are ${Object.keys(forms).join(', ')}.`);
}

import { z } from 'zod';
import { decodeActorId, decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import { INSTANT_FORM, idParameter, instantParameter, parseParameters, severalOf } from '../parameters.ts';
import { auditActions } from './audit-event.ts';
import type { AuditEventFilter } from './list-audit-events.ts';

const parameters = z.strictObject({
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
  since: instantParameter,
  until: instantParameter,
  serviceProviderId: idParameter(decodeServiceProviderId),
  organizationId: idParameter(decodeOrganizationId),
  actorId: idParameter(decodeActorId),
  action: severalOf(auditActions),
  refused: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .nullable()
    .default(null),
});

const forms = {
  format: 'ndjson or csv',
  since: INSTANT_FORM,
  until: INSTANT_FORM,
  serviceProviderId: 'the id of one provider',
  organizationId: 'the id of one organization',
  actorId: 'the id of one actor',
  action: 'the name of an action; give it several times for several',
  refused: 'true or false',
};

export type ExportFormat = z.infer<typeof parameters>['format'];

export interface AuditExportInput {
  readonly format: ExportFormat;
  readonly filter: AuditEventFilter;
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseAuditExport(query: unknown): AuditExportInput {
  const { format, serviceProviderId, organizationId, action, ...filter } = parseParameters(parameters, forms, query);
  return {
    format,
    filter: { ...filter, serviceProvider: serviceProviderId, organization: organizationId, actions: action },
  };
}

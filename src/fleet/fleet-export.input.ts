import { z } from 'zod';
import { apiKeyStatuses, disablementSourceNames } from '../api-key/api-key.ts';
import { rotationStates } from '../api-key/key-age.ts';
import { INSTANT_FORM, instantParameter, parseParameters, severalOf } from '../parameters.ts';
import { subscriptionStatuses } from '../subscription/subscription.ts';
import type { FleetFilter } from './fleet.ts';
import { type FleetColumn, fleetColumns } from './fleet-export.type.ts';
import { toFilter } from './to-filter.input.ts';

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

const parameters = z.strictObject({
  format: z.enum(['csv']).default('csv'),
  columns: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(fleetColumns)).min(1))
    .default(fleetColumns),
  search: z.string().nullable().default(null),
  serviceProviderId: z.string().nullable().default(null),
  groupId: z.string().nullable().default(null),
  apiKeyStatus: severalOf(apiKeyStatuses),
  disablementSource: severalOf(disablementSourceNames),
  subscriptionStatus: severalOf(subscriptionStatuses),
  fingerprint: fingerprint.nullable().default(null),
  fingerprintNot: fingerprint.nullable().default(null),
  subscriptionEndsBefore: instantParameter,
  keyModifiedSince: instantParameter,
  keyModifiedBefore: instantParameter,
  rotation: severalOf(rotationStates),
  thresholdUsedPercentAtLeast: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .nullable()
    .default(null),
});

const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}; give it several times for several`;
const forms = {
  format: 'csv',
  columns: `names out of ${fleetColumns.join(', ')}, with commas between them`,
  search: 'one text, part of the name or of the external id',
  serviceProviderId: 'the id of one provider',
  groupId: 'the id of one saved group',
  apiKeyStatus: oneOf(apiKeyStatuses),
  disablementSource: oneOf(disablementSourceNames),
  subscriptionStatus: oneOf(subscriptionStatuses),
  fingerprint: 'one fingerprint',
  fingerprintNot: 'one fingerprint',
  subscriptionEndsBefore: INSTANT_FORM,
  keyModifiedSince: INSTANT_FORM,
  keyModifiedBefore: INSTANT_FORM,
  rotation: oneOf(rotationStates),
  thresholdUsedPercentAtLeast: 'a whole number from 1 to 100',
};

export interface FleetExportInput {
  readonly format: string;
  readonly columns: readonly FleetColumn[];
  readonly filter: FleetFilter;
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseFleetExport(query: unknown): FleetExportInput {
  const { format, columns, ...filter } = parseParameters(parameters, forms, query);
  return { format, columns, filter: toFilter(filter) };
}

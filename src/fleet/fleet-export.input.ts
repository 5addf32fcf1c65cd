import { z } from 'zod';
import { apiKeyStatuses, disablementSourceNames } from '../api-key/api-key.ts';
import { rotationStates } from '../api-key/key-age.ts';
import { validationFailed } from '../errors.ts';
import { subscriptionStatuses } from '../subscription/subscription.ts';
import type { FleetFilter } from './fleet.ts';
import { type FleetColumn, fleetColumns } from './fleet-export.type.ts';
import { toFilter } from './to-filter.input.ts';

/** One value, or several by giving it several times. */
const several = <Value extends string>(values: readonly Value[]) =>
  z.preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z.array(z.enum(values)).nullable().default(null),
  );
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= Date.UTC(1000) && date.getTime() < Date.UTC(9999))
  .nullable()
  .default(null);

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
  apiKeyStatus: several(apiKeyStatuses),
  disablementSource: several(disablementSourceNames),
  subscriptionStatus: several(subscriptionStatuses),
  fingerprint: fingerprint.nullable().default(null),
  fingerprintNot: fingerprint.nullable().default(null),
  subscriptionEndsBefore: instant,
  keyModifiedSince: instant,
  keyModifiedBefore: instant,
  rotation: several(rotationStates),
  thresholdUsedPercentAtLeast: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .nullable()
    .default(null),
});

const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}; give it several times for several`;
const oneInstant = 'one RFC 3339 timestamp, such as 2026-11-21T00:00:00Z';
/** What each of them must be; the message of a refusal, which never repeats what was given. */
const forms: Record<keyof z.infer<typeof parameters>, string> = {
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
  subscriptionEndsBefore: oneInstant,
  keyModifiedSince: oneInstant,
  keyModifiedBefore: oneInstant,
  rotation: oneOf(rotationStates),
  thresholdUsedPercentAtLeast: 'a whole number from 1 to 100',
};

export interface FleetExportInput {
  readonly format: string;
  readonly columns: readonly FleetColumn[];
  readonly filter: FleetFilter;
}

/** What a query string asks for. A parameter that is wrong or unknown is refused: else it would export too much. */
export function parseFleetExport(query: unknown): FleetExportInput {
  const parsed = parameters.safeParse(query);
  if (!parsed.success) throw refusal(parsed.error.issues[0]?.path[0]);
  const { format, columns, ...filter } = parsed.data;
  return { format, columns, filter: toFilter(filter) };
}

function refusal(name: PropertyKey | undefined) {
  const known = Object.entries(forms).find(([parameter]) => parameter === name);
  if (known !== undefined) return validationFailed(known[0], `${known[0]} must be ${known[1]}.`);
  return validationFailed('query', `The only parameters are ${Object.keys(forms).join(', ')}.`);
}

import { z } from 'zod';
import { apiKeyStatuses, disablementSourceNames } from '../api-key/api-key.ts';
import { rotationStates } from '../api-key/key-age.ts';
import { isUuid, type ServiceProviderId } from '../ids.ts';
import { subscriptionStatuses } from '../subscription/subscription.ts';
import { FINGERPRINT, type SavedFilter } from './fleet.ts';

const providerId = z.custom<ServiceProviderId>((value) => typeof value === 'string' && isUuid(value));
/** Groups that were saved before there was this condition have none. */
const instant = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable()
  .default(null);
const savedFilter = z.strictObject({
  search: z.string().nullable(),
  serviceProvider: z.strictObject({ rootProviderId: providerId, serviceProviderId: providerId }).nullable(),
  apiKeyStatus: z.array(z.enum(apiKeyStatuses)).nullable(),
  disablementSource: z.array(z.enum(disablementSourceNames)).nullable(),
  subscriptionStatus: z.array(z.enum(subscriptionStatuses)).nullable(),
  fingerprint: z.string().nullable(),
  fingerprintNot: z.string().regex(FINGERPRINT).nullable(),
  subscriptionEndsBefore: instant,
  keyModifiedSince: instant,
  keyModifiedBefore: instant,
  thresholdUsedPercentAtLeast: z.int().min(1).max(100).nullable().default(null),
  rotation: z.array(z.enum(rotationStates)).nullable().default(null),
});

/** What a group keeps in the database. @throws Error when it was not written by this program */
export function parseSavedFilter(json: unknown): SavedFilter {
  return savedFilter.parse(json);
}

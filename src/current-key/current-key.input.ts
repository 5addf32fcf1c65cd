import { z } from 'zod';
import { apiKeyKinds } from '../api-key/api-key.ts';
import { decodeOrganizationId } from '../graphql/global-id.ts';
import { parseParameters } from '../parameters.ts';
import type { CurrentKeyQuery } from './current-key.ts';

const LONGEST_NAME = 200;

const parameters = z.strictObject({
  organization: z
    .string()
    .min(1)
    .max(LONGEST_NAME)
    // Nothing that the database would not take.
    .refine((text) => text.isWellFormed() && !text.includes('\0')),
  kind: z.enum(apiKeyKinds).default('CLOUD_SERVICE'),
});

const forms = {
  organization: 'the id or the external id of one organization',
  kind: `one of ${apiKeyKinds.join(', ')}`,
};

/** @throws DomainError `VALIDATION_FAILED`, also for a parameter that there is not */
export function parseCurrentKey(query: unknown): Omit<CurrentKeyQuery, 'known'> {
  const { organization: name, kind } = parseParameters(parameters, forms, query);
  return { organization: decodeOrganizationId(name) ?? { externalId: name }, kind };
}

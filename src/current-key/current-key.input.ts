import { z } from 'zod';
import { apiKeyKinds } from '../api-key/api-key.ts';
import { validationFailed } from '../errors.ts';
import { decodeOrganizationId } from '../graphql/global-id.ts';
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

/** What each of them must be; the message of a refusal, which never repeats what was given. */
const forms: Record<keyof z.infer<typeof parameters>, string> = {
  organization: 'organization must be the id or the external id of one organization.',
  kind: `kind must be one of ${apiKeyKinds.join(', ')}.`,
};

/** @throws DomainError `VALIDATION_FAILED`, also for a parameter that there is not */
export function parseCurrentKey(query: unknown): Omit<CurrentKeyQuery, 'known'> {
  const parsed = parameters.safeParse(query);
  if (!parsed.success) throw refusal(parsed.error.issues[0]?.path[0]);
  const { organization: name, kind } = parsed.data;
  return { organization: decodeOrganizationId(name) ?? { externalId: name }, kind };
}

function refusal(name: PropertyKey | undefined) {
  const known = Object.entries(forms).find(([parameter]) => parameter === name);
  if (known !== undefined) return validationFailed(known[0], known[1]);
  return validationFailed('query', `The only parameters are ${Object.keys(forms).join(', ')}.`);
}

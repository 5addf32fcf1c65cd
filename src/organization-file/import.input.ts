import { z } from 'zod';
import { type SyncAtomicity, syncAtomicities } from '../bulk-operation/bulk-operation.ts';
import { validationFailed } from '../errors.ts';
import { decodeServiceProviderId } from '../graphql/global-id.ts';
import type { ServiceProviderRef } from '../ids.ts';

const fields = z.strictObject({
  serviceProviderId: z.string(),
  atomicity: z.enum(syncAtomicities).default('ALL_OR_NOTHING'),
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  idempotencyKey: z.string().optional(),
});

/** What each of them must be; the message of a refusal, which never repeats what was given. */
const forms: Record<keyof z.infer<typeof fields>, string> = {
  serviceProviderId: 'serviceProviderId must be the id of the provider that the organizations are to belong to.',
  atomicity: `atomicity must be ${syncAtomicities.join(' or ')}.`,
  dryRun: 'dryRun must be true or false.',
  idempotencyKey: 'idempotencyKey must be one text.',
};

export interface ImportFields {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | null;
}

/** The fields of the form that are not the file. @throws DomainError `VALIDATION_FAILED` */
export function parseImportFields(given: ReadonlyMap<string, unknown>): ImportFields {
  const parsed = fields.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw refusal(parsed.error.issues[0]?.path[0]);
  const { serviceProviderId, atomicity, dryRun, idempotencyKey = null } = parsed.data;
  return { serviceProvider: decodeServiceProviderId(serviceProviderId), atomicity, dryRun, idempotencyKey };
}

function refusal(name: PropertyKey | undefined) {
  const known = Object.entries(forms).find(([field]) => field === name);
  if (known !== undefined) return validationFailed(known[0], known[1]);
  return validationFailed('form', `The only fields are ${Object.keys(forms).join(', ')}, and one file.`);
}

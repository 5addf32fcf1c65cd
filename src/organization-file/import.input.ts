import { z } from 'zod';
import { type SyncAtomicity, syncAtomicities } from '../bulk-operation/bulk-operation.ts';
import { decodeServiceProviderId } from '../graphql/global-id.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { parseParameters } from '../parameters.ts';

const fields = z.strictObject({
  serviceProviderId: z.string(),
  atomicity: z.enum(syncAtomicities).default('ALL_OR_NOTHING'),
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  idempotencyKey: z.string().optional(),
});

const forms = {
  serviceProviderId: 'the id of the provider that the organizations are to belong to',
  atomicity: syncAtomicities.join(' or '),
  dryRun: 'true or false',
  idempotencyKey: 'one text',
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
  const parsed = parseParameters(fields, forms, Object.fromEntries(given), 'form');
  const { serviceProviderId, atomicity, dryRun, idempotencyKey = null } = parsed;
  return { serviceProvider: decodeServiceProviderId(serviceProviderId), atomicity, dryRun, idempotencyKey };
}

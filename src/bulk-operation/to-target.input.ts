import { toFilter } from '../fleet/to-filter.input.ts';
import { decodeBulkOperationId, decodeOrganizationId } from '../graphql/global-id.ts';
import type { AnyTargetInput } from './bulk-operation.input.ts';
import type { BulkTarget } from './start-operation.ts';

/** As the services take it. An id that is none is kept as it was given: it is refused on its own. */
export function toTarget(input: AnyTargetInput): BulkTarget {
  return {
    organizations: input.organizationIds?.map((text) => ({ text, ref: decodeOrganizationId(text) })) ?? null,
    filter: input.filter == null ? null : toFilter(input.filter),
    atomicity: input.atomicity ?? 'ALL_OR_NOTHING',
    dryRun: input.dryRun ?? false,
    checkedBy: input.dryRunId == null ? null : (decodeBulkOperationId(input.dryRunId) ?? 'UNKNOWN'),
    idempotencyKey: input.idempotencyKey ?? null,
  };
}

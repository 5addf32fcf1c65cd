import type { OperationResultsQuery } from './sync.graphql.ts';

export type BulkResultRow = NonNullable<OperationResultsQuery['bulkOperation']>['results']['nodes'][number];

/** Of an operation that is gone. */
export const NO_RESULTS = { nodes: [] as readonly BulkResultRow[], pageInfo: { hasNextPage: false, endCursor: null } };

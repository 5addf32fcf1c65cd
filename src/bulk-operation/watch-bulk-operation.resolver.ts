import { GraphQLID, GraphQLNonNull, type GraphQLSchema } from 'graphql';
import { decodeBulkOperationId } from '../graphql/global-id.ts';
import { streamField } from '../graphql/stream-field.ts';
import { BulkOperationType } from './bulk-operation.type.ts';
import type { BulkOperation } from './bulk-operation-row.ts';
import { watchBulkOperation } from './watch-bulk-operation.service.ts';

export function bulkOperationStream(schema: GraphQLSchema) {
  return streamField(schema, {
    type: 'BulkOperation',
    args: { id: { type: new GraphQLNonNull(GraphQLID) } },
    description:
      'The operation as it is, and again whenever it has moved on, until it has ended. Nothing of one that does not exist or is out of sight.',
    subscribe: ({ id }: { readonly id: string }, ctx) => {
      const ref = decodeBulkOperationId(id);
      return toTypes(ref === null ? [] : watchBulkOperation(ctx, ref, ctx.signal));
    },
  });
}

async function* toTypes(states: AsyncIterable<BulkOperation> | readonly BulkOperation[]) {
  for await (const row of states) yield new BulkOperationType(row);
}

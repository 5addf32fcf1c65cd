import type { ApolloServerPlugin } from '@apollo/server';
import { type GraphQLError, Kind, type OperationTypeNode } from 'graphql';
import { createRefusedReads } from '../audit/refused-reads.ts';
import { DomainError } from '../errors.ts';
import type { GraphQLContext } from './graphql-context.ts';

/** Writes refused reads into the audit trail, before they are answered. Refused commands are written by `runCommand`. */
export function recordingRefusedReads(): ApolloServerPlugin<GraphQLContext> {
  const record = createRefusedReads();
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, operation, contextValue }) {
          const names = refusedReadsIn(errors, operation?.operation);
          if (names.length > 0) await record(contextValue, names);
        },
      };
    },
  };
}

/** Which fields were refused, by their names in the schema. */
export function refusedReadsIn(
  errors: readonly GraphQLError[],
  operation: `${OperationTypeNode}` | undefined,
): readonly string[] {
  return errors.filter((error) => isRefusedRead(error, operation)).flatMap(fieldOf);
}

/** What a mutation's own field refuses is no read. */
function isRefusedRead({ originalError, path }: GraphQLError, operation: `${OperationTypeNode}` | undefined): boolean {
  const isForbidden = originalError instanceof DomainError && originalError.code === 'FORBIDDEN';
  const isRead = operation === 'query' || operation === 'subscription';
  return isForbidden && (isRead || (path?.length ?? 0) > 1);
}

/** Its name in the schema: under which one a client asked for it may be anything. */
function fieldOf({ nodes }: GraphQLError): string[] {
  const [node] = nodes ?? [];
  return node?.kind === Kind.FIELD ? [node.name.value] : [];
}

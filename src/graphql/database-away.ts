import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { AWAY_RETRY_SECONDS } from '../errors.ts';
import type { GraphQLContext } from './graphql-context.ts';

const STATUS = 503;
const RETRY_AFTER = ['retry-after', String(AWAY_RETRY_SECONDS)] as const;

/** Gives an answer without data the status by which proxies and clients know that another attempt is worth it. */
export const answeringWhileDatabaseIsAway: ApolloServerPlugin<GraphQLContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ errors = [], response: { body, http }, contextValue: { database } }) {
        const hasData = body.kind !== 'single' || body.singleResult.data != null;
        if (hasData || !errors.some((error) => database.isAway(error.originalError))) return;
        http.status = STATUS;
        http.headers.set(...RETRY_AFTER);
      },
    };
  },
};

/** The same for a request of which nobody could find out who sent it. */
export function databaseAway(error: unknown): GraphQLError {
  const extensions = { code: 'INTERNAL', http: { status: STATUS, headers: new HeaderMap([RETRY_AFTER]) } };
  return new GraphQLError('The database is away.', {
    ...(error instanceof Error ? { originalError: error } : {}),
    extensions,
  });
}

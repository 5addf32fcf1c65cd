import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

export const MOST_TOKENS = 2_000;
const DEEPEST_QUERY = 12;
const MOST_ALIASES = 30;

/** Bounds on what one document may ask for; a breach is `QUERY_TOO_COMPLEX`. Pages are bounded in page.ts. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({
    n: DEEPEST_QUERY,
    flattenFragments: true,
    propagateOnRejection: false,
    onReject: [(context) => report(context, `The query is nested more than ${DEEPEST_QUERY} levels deep.`)],
  }),
  maxAliasesRule({
    n: MOST_ALIASES,
    propagateOnRejection: false,
    onReject: [(context) => report(context, `The query has more than ${MOST_ALIASES} aliases.`)],
  }),
];

function report(context: ValidationContext | null, message: string): void {
  context?.reportError(tooComplex(`${message} Ask in several smaller queries.`));
}

export function tooComplex(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } });
}

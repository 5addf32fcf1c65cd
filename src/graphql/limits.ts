import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type ValidationRule } from 'graphql';

export const MOST_TOKENS = 2_000;
const DEEPEST_QUERY = 12;
const MOST_ALIASES = 30;
/**
 * Points that one operation may cost: a page of 200 organizations with everything about each costs some 6,000. How they are
 * counted is in query-cost-plan.ts.
 */
export const MOST_POINTS = 20_000;

const TOO_DEEP = `The query is nested more than ${DEEPEST_QUERY} levels deep. Ask in several smaller queries.`;
const TOO_MANY_ALIASES = `The query has more than ${MOST_ALIASES} aliases. Ask in several smaller queries.`;
const TOO_MANY_TOKENS = `The query has more than ${MOST_TOKENS} tokens. Ask in several smaller queries.`;

/** Bounds on what one document may ask for; a breach is `QUERY_TOO_COMPLEX`. Pages are bounded in page.ts. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({
    n: DEEPEST_QUERY,
    flattenFragments: true,
    propagateOnRejection: false,
    onReject: [(context) => context?.reportError(new GraphQLError(TOO_DEEP))],
  }),
  maxAliasesRule({
    n: MOST_ALIASES,
    propagateOnRejection: false,
    onReject: [(context) => context?.reportError(new GraphQLError(TOO_MANY_ALIASES))],
  }),
];

/** What to answer when the error says that a bound was passed; null when it says something else. Codes do not tell:
 * Apollo gives every validation error its own. */
export function complexityMessage(message: string): string | null {
  if (message === TOO_DEEP || message === TOO_MANY_ALIASES) return message;
  return /Document contains more tha[tn] \d+ tokens/.test(message) ? TOO_MANY_TOKENS : null;
}

/** @param points that the operation would cost; more than {@link MOST_POINTS} */
export function tooExpensive(points: number): GraphQLError {
  const message =
    `The operation may cost ${points} points, and the most is ${MOST_POINTS}. Ask for smaller pages (first), for fewer ` +
    'lists within lists, or in several operations.';
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } } });
}

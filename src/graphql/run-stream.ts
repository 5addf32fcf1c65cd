import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createRefusedReads } from '../audit/refused-reads.ts';
import { DomainError } from '../errors.ts';
import { type ErrorFormat, formatError } from './error-format.ts';
import type { GraphQLContext } from './graphql-context.ts';
import { limitRules, MOST_POINTS, MOST_TOKENS, tooExpensive } from './limits.ts';
import { createLoaders } from './loaders.ts';
import { type CountCost, createCostCounter } from './query-cost.ts';
import { refusedReadsIn } from './refused-reads.ts';
import type { StreamContext } from './stream-field.ts';

/** A subscription as a client sends it. */
export interface StreamRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Answers = AsyncGenerator<FormattedExecutionResult, void, undefined>;
/**
 * What a subscription is answered with as it goes on, each answer made when it is asked for. What is refused, at its start
 * or later, is the last answer: so is the signal's reason when that is a DomainError. It does not throw.
 */
export type RunStream = (request: StreamRequest, ctx: StreamContext) => Answers;

export function createRunStream(schema: GraphQLSchema, format: ErrorFormat): RunStream {
  const costOf = createCostCounter(schema);
  const recordRefused = createRefusedReads();
  const shown = (errors: readonly GraphQLError[]) => errors.map((error) => formatError(error.toJSON(), error, format));

  return async function* (request, ctx) {
    const failed = (error: unknown) => ({ errors: shown([asGraphQLError(error)]) });
    try {
      for await (const { errors, ...result } of run(prepare(schema, costOf, request), ctx)) {
        const refused = refusedReadsIn(errors ?? [], 'subscription');
        if (refused.length > 0) await recordRefused(ctx, refused);
        yield errors === undefined ? result : { ...result, errors: shown(errors) };
      }
    } catch (error) {
      yield failed(error);
      return;
    }
    const { reason } = ctx.signal;
    if (reason instanceof DomainError) yield failed(reason);
  };
}

interface Prepared {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variableValues: Readonly<Record<string, unknown>>;
}

async function* run(prepared: Prepared | readonly GraphQLError[], ctx: StreamContext) {
  if (!('document' in prepared)) {
    yield { errors: prepared };
    return;
  }
  const source = await createSourceEventStream({ ...prepared, contextValue: ctx });
  if (!(Symbol.asyncIterator in source)) {
    yield source;
    return;
  }
  for await (const event of source) {
    yield await execute({ ...prepared, rootValue: event, contextValue: asOfNow(ctx) });
  }
}

/** What was looked up for one event may be no more when the next is told. */
function asOfNow(ctx: GraphQLContext): GraphQLContext {
  const now = { ...ctx, now: new Date() };
  return { ...now, loaders: createLoaders(now) };
}

/** When it is one subscription, within the bounds of every operation, and its variables fit; otherwise why not. */
function prepare(
  schema: GraphQLSchema,
  costOf: CountCost,
  { query, operationName, variables: variableValues }: StreamRequest,
): Prepared | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: MOST_TOKENS });
    const errors = validate(schema, document, [...specifiedRules, ...limitRules]);
    if (errors.length > 0) return errors.map(asBadInput);
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription') return [asBadInput(new GraphQLError(ONLY_SUBSCRIPTIONS))];
    const wrong = wrongVariables(schema, operation, variableValues);
    if (wrong.length > 0) return wrong.map(asBadInput);
    const points = costOf(document, operationName, variableValues) ?? 0;
    if (points > MOST_POINTS) return [tooExpensive(points)];
    return { schema, document, operationName, variableValues };
  } catch (error) {
    if (error instanceof GraphQLError) return [asBadInput(error)];
    throw error;
  }
}

const ONLY_SUBSCRIPTIONS = 'Only subscriptions are answered here. Send queries and mutations to /graphql.';
const MOST_ERRORS = 50;

function wrongVariables(
  schema: GraphQLSchema,
  { variableDefinitions }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  return getVariableValues(schema, variableDefinitions ?? [], given, { maxErrors: MOST_ERRORS }).errors ?? [];
}

function asBadInput({ message, originalError }: Pick<GraphQLError, 'message' | 'originalError'>): GraphQLError {
  return new GraphQLError(message, { originalError: originalError ?? null, extensions: { code: 'BAD_USER_INPUT' } });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });
}

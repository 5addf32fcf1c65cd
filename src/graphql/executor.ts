import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Logger } from 'pino';
import './keep-thrown-errors.ts';
import { MOST_POINTS, tooExpensive } from './limits.ts';
import { createCostCounter } from './query-cost.ts';
import { tracedOperation } from './trace-operation.ts';

/**
 * Runs operations for Apollo. A query that comes a second time is compiled by graphql-jit; mutations, first times, and
 * every query that ends in an error are run by graphql-js, the reference: queries change nothing, so that running one
 * again is safe, and a test holds the answers of the two equal.
 * @param onDivergence is told when only the compiled query failed, and not for the first time, which may be of what was
 * changed while it was read: it works, but twice as slowly
 */
export function createExecutor(
  schema: GraphQLSchema,
  onDivergence: (document: DocumentNode) => void,
): (args: Omit<ExecutionArgs, 'schema'>) => Promise<ExecutionResult> {
  const compiled = new WeakMap<DocumentNode, Map<string, CompiledQuery | null>>();
  const failedAlone = new WeakSet<DocumentNode>();

  /** Null the first time, and when it cannot be compiled. */
  const compiledQuery = (document: DocumentNode, operationName: string | null | undefined): CompiledQuery | null => {
    if (getOperationAST(document, operationName)?.operation !== 'query') return null;
    const name = operationName ?? '';
    const ofDocument = compiled.get(document);
    if (ofDocument === undefined) {
      compiled.set(document, new Map());
      return null;
    }
    const known = ofDocument.get(name);
    if (known !== undefined) return known;
    const result = compileQuery(schema, document, operationName ?? undefined, { disableLeafSerialization: false });
    const query = isCompiledQuery(result) ? result : null;
    ofDocument.set(name, query);
    return query;
  };

  return async (args) => {
    const { document, contextValue, variableValues, operationName } = args;
    const query = compiledQuery(document, operationName);
    if (query === null) return execute({ ...args, schema });
    const result = await runCompiled(query, contextValue, variableValues ?? {});
    if (result !== null && !hasErrors(result)) return result;
    const reference = await execute({ ...args, schema });
    if (hasErrors(reference)) return reference;
    if (failedAlone.has(document)) onDivergence(document);
    failedAlone.add(document);
    return reference;
  };
}

/** Null when it threw something: the reference says what. */
async function runCompiled(
  { query }: CompiledQuery,
  context: unknown,
  variables: object,
): Promise<ExecutionResult | null> {
  try {
    return await query(undefined, context, variables);
  } catch {
    return null;
  }
}

function hasErrors({ errors }: ExecutionResult): boolean {
  return errors !== undefined && errors.length > 0;
}

/** The one door by which Apollo takes an executor of one's own. What an operation may cost is weighed before it is run. */
export function executingGateway(schema: GraphQLSchema, log: Logger): GatewayInterface {
  const run = createExecutor(schema, () => log.warn('a compiled query failed where the reference did not'));
  const costOf = createCostCounter(schema);
  const executor: GatewayExecutor = async ({ document, context, request }) => {
    // As it was asked for: Apollo's own is null both for the only operation and for one that there is not.
    const { operationName } = request;
    const variableValues = request.variables ?? {};
    const points = costOf(document, operationName, variableValues);
    const isTooExpensive = points !== null && points > MOST_POINTS;
    const result = isTooExpensive
      ? { errors: [tooExpensive(points)] }
      : await tracedOperation(document, operationName, () =>
          run({ document, contextValue: context, variableValues, operationName }),
        );
    const extensions = points === null ? {} : { extensions: { cost: { requested: points, limit: MOST_POINTS } } };
    return { ...result, ...extensions } as Awaited<ReturnType<GatewayExecutor>>; // as Apollo's result, but for its type
  };
  return {
    load: async () => ({ executor }),
    onSchemaLoadOrUpdate: (onSchema) => {
      onSchema({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

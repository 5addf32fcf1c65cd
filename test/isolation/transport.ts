import type { GraphQLError } from 'graphql';
import { type ErrorFormat, formatError } from '../../src/graphql/error-format.ts';
import { createExecutor } from '../../src/graphql/executor.ts';
import type { GraphQLContext } from '../../src/graphql/graphql-context.ts';
import { createRunStream } from '../../src/graphql/run-stream.ts';
import { listen } from '../support/streams.ts';
import type { Caller } from './callers.ts';
import { schema } from './cells.ts';
import type { Variables } from './decision.ts';
import { contextWith, type Lines } from './lines.ts';
import type { Operation } from './schema-fields.ts';
import type { World } from './world.ts';

export interface Answer {
  /** All of it, as it goes over the wire. */
  readonly text: string;
  readonly data: unknown;
  /** Errors of ours. */
  readonly unforeseen: readonly string[];
}

/** How a request gets to the program. */
export type Transport = (caller: Caller, operation: Operation, variables: Variables) => Promise<Answer>;

/** Straight to the program's own executor, with the two lines of isolation on or off. */
export function inProcess(world: World, lines: Lines): Transport {
  const execute = createExecutor(schema, () => undefined);
  return async (caller, { document, source, isSubscription }, variables) => {
    if (isSubscription) return firstOf(contextWith(world, caller, lines), source, variables);
    const unforeseen: string[] = [];
    const shown = (error: GraphQLError) => formatError(error.toJSON(), error, formatInto(unforeseen));
    const contextValue = contextWith(world, caller, lines);
    const { data, errors = [] } = await execute({ document, variableValues: { ...variables }, contextValue });
    const text = JSON.stringify({ data, errors: errors.map(shown) });
    return { text, data: dataIn(text), unforeseen };
  };
}

function formatInto(unforeseen: string[]): ErrorFormat {
  return {
    suggestions: true,
    report: (code, cause) => {
      if (code === 'INTERNAL') unforeseen.push(String(cause));
    },
  };
}

/** What a subscription is told at once, and nothing when that is how it ends. */
async function firstOf(ctx: GraphQLContext, query: string, variables: Variables): Promise<Answer> {
  const hangingUp = new AbortController();
  const unforeseen: string[] = [];
  const request = { query, operationName: null, variables };
  const answers = createRunStream(schema, formatInto(unforeseen))(request, { ...ctx, signal: hangingUp.signal });
  const first = (await answers.next()).value ?? {};
  hangingUp.abort();
  await answers.return();
  return { ...streamed(first), unforeseen };
}

/** Its root is the one type that may not be asked for. */
function streamed(first: object): Pick<Answer, 'text' | 'data'> {
  const text = JSON.stringify(first);
  const data = dataIn(text);
  return { text, data: typeof data === 'object' && data !== null ? { __typename: 'Stream', ...data } : data };
}

/** Over HTTP, with the caller's own token. */
export function overHttp(url: string): Transport {
  return async ({ headers }, { source, isSubscription }, variables) => {
    if (isSubscription) {
      const listener = await listen(url, headers, source, variables);
      const answer = streamed((await listener.next())?.data ?? {});
      listener.hangUp();
      return { ...answer, unforeseen: answer.text.includes('"INTERNAL"') ? [answer.text] : [] };
    }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: source, variables }),
    });
    const text = await response.text();
    const unforeseen = text.includes('"INTERNAL"') || response.status >= 500 ? [`${response.status} ${text}`] : [];
    return { text, data: dataIn(text), unforeseen };
  };
}

function dataIn(text: string): unknown {
  return (JSON.parse(text) as { data?: unknown }).data ?? null;
}

import type { GraphQLError } from 'graphql';
import { formatError } from '../../src/graphql/error-format.ts';
import { createExecutor } from '../../src/graphql/executor.ts';
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
  return async (caller, { document }, variables) => {
    const unforeseen: string[] = [];
    const onInternal = (cause: unknown) => unforeseen.push(String(cause));
    const shown = (error: GraphQLError) => formatError(error.toJSON(), error, { suggestions: true, onInternal });
    const contextValue = contextWith(world, caller, lines);
    const { data, errors = [] } = await execute({ document, variableValues: { ...variables }, contextValue });
    const text = JSON.stringify({ data, errors: errors.map(shown) });
    return { text, data: dataIn(text), unforeseen };
  };
}

/** Over HTTP, with the caller's own token. */
export function overHttp(url: string): Transport {
  return async ({ headers }, { source }, variables) => {
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

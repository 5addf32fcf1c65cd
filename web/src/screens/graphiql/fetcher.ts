import type { GraphiQLProps } from 'graphiql';
import { type DocumentNode, type ExecutionResult, getOperationAST, parse } from 'graphql';
import { SESSION_ENDED } from '../../graphql/failure.ts';
import { delegation } from '../../session/delegation.ts';
import { sessionState } from '../../session/session-state.ts';

type Fetcher = GraphiQLProps['fetcher'];

/** By the session of the console, and under the delegation that somebody acts under. */
export const fetcher: Fetcher = ({ query, operationName: named, variables }, { headers = {} } = {}) => {
  const document = parsed(query);
  // For a moment after another example was opened, the editor still names the operation of the one before.
  const operationName = document === null || getOperationAST(document, named) !== null ? named : undefined;
  const under = delegation.get()?.id;
  const init: RequestInit = {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      ...(under === undefined ? {} : { 'x-keyward-delegation': under }),
      ...headers,
    },
    body: JSON.stringify({ query, operationName, variables }),
  };
  return isSubscription(document, operationName) ? follow(init) : ask(init);
};

/** Null when it is no GraphQL: the server says where. */
function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

function isSubscription(document: DocumentNode | null, name: string | null | undefined): boolean {
  return document !== null && getOperationAST(document, name)?.operation === 'subscription';
}

async function ask(init: RequestInit): Promise<ExecutionResult> {
  const answer = await fetch('/graphql', init);
  const result = (await answer.json()) as ExecutionResult;
  const hasEnded = result.errors?.some(({ extensions }) => extensions.code === SESSION_ENDED) ?? false;
  if (hasEnded) sessionState.set('ENDED');
  return result;
}

/** "GraphQL over Server-Sent Events": each `next` holds a result. */
async function* follow(init: RequestInit): AsyncGenerator<ExecutionResult> {
  const hangUp = new AbortController();
  try {
    const headers = { ...init.headers, accept: 'text/event-stream' };
    const { body } = await fetch('/graphql/stream', { ...init, headers, signal: hangUp.signal });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      const blocks = `${text}${read.value}`.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, json] = /^event: next\ndata: (.+)$/.exec(block) ?? [];
        if (json !== undefined) yield JSON.parse(json) as ExecutionResult;
      }
    }
  } finally {
    hangUp.abort();
  }
}

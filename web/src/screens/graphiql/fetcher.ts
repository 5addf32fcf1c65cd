import type { GraphiQLProps } from 'graphiql';
import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';
import { SESSION_ENDED } from '../../graphql/failure.ts';
import { delegation } from '../../session/delegation.ts';
import { sessionState } from '../../session/session-state.ts';

type Fetcher = GraphiQLProps['fetcher'];

/** By the session of the console, and under the delegation that somebody acts under. */
export const fetcher: Fetcher = ({ query, operationName, variables }, { headers = {}, documentAST } = {}) => {
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
  return isSubscription(documentAST, operationName) ? follow(init) : ask(init);
};

function isSubscription(document: DocumentNode | undefined, name: string | null | undefined): boolean {
  return document !== undefined && getOperationAST(document, name)?.operation === 'subscription';
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

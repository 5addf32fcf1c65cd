import type { GraphiQLProps } from 'graphiql';
import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST, parse } from 'graphql';
import { SESSION_ENDED } from '../../graphql/failure.ts';
import { eventsIn } from '../../graphql/server-events.ts';
import { delegation, delegationHeaders } from '../../session/delegation.ts';
import { sessionState } from '../../session/session-state.ts';

type Fetcher = GraphiQLProps['fetcher'];

/** By the session of the console, and under the delegation that somebody acts under. */
export const fetcher: Fetcher = ({ query, operationName: named, variables }, { headers = {} } = {}) => {
  const document = parsed(query);
  // For a moment after another example was opened, the editor still names the operation of the one before.
  const operationName = document === null || getOperationAST(document, named) !== null ? named : undefined;
  const init: RequestInit = {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      ...delegationHeaders(delegation.get()),
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
  noticeEnd(result);
  return result;
}

/** "GraphQL over Server-Sent Events": each `next` holds a result. */
async function* follow(init: RequestInit): AsyncGenerator<ExecutionResult> {
  const hangUp = new AbortController();
  try {
    const headers = { ...init.headers, accept: 'text/event-stream' };
    const answer = await fetch('/graphql/stream', { ...init, headers, signal: hangUp.signal });
    const results = answer.ok && answer.body !== null ? resultsIn(answer.body) : [await refusalOf(answer)];
    for await (const result of results) {
      noticeEnd(result);
      yield result;
    }
  } finally {
    hangUp.abort();
  }
}

async function* resultsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<ExecutionResult> {
  for await (const { event, data } of eventsIn(body)) {
    if (event === 'next') yield JSON.parse(data) as ExecutionResult;
  }
}

/** Came instead of a stream, and is told as a result is. */
async function refusalOf(answer: Response): Promise<ExecutionResult> {
  const { code, message } = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
  const extensions = { code: code ?? 'INTERNAL' };
  return { errors: [new GraphQLError(message ?? `The server answered with ${answer.status}.`, { extensions })] };
}

function noticeEnd({ errors }: ExecutionResult): void {
  if (errors?.some(({ extensions }) => extensions.code === SESSION_ENDED)) sessionState.set('ENDED');
}

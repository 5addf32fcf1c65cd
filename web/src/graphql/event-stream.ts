import { type AnyVariables, stringifyDocument, type TypedDocumentNode } from '@urql/core';
import { delegation, delegationHeaders, endDelegation } from '../session/delegation.ts';
import { sessionState } from '../session/session-state.ts';
import { eventsIn } from './server-events.ts';

const AGAIN_MS = 1_500;
/** When the server has as many listeners as it takes. */
const AGAIN_WHEN_REFUSED_MS = 15_000;

/** `COMPLETE`: there is no more to tell. `CUT`: the connection, or the server, has gone. */
type End = 'COMPLETE' | 'CUT' | 'REFUSED' | 'SIGNED_OUT';

interface Question<Data, Variables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
}

/**
 * Tells of what a subscription brings, until there is no more to tell: GraphQL over server-sent events. A stream that is cut
 * is opened again, after the next sign-in where the session was what ended.
 * @returns what stops it
 */
export function subscribe<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  tell: (data: Data) => void,
): () => void {
  const controller = new AbortController();
  void keepListening({ document, variables }, controller.signal, tell);
  return () => controller.abort();
}

async function keepListening<Data, Variables extends AnyVariables>(
  question: Question<Data, Variables>,
  signal: AbortSignal,
  tell: (data: Data) => void,
): Promise<void> {
  while (!signal.aborted) {
    const end = await listen(question, signal, tell).catch((): End => 'CUT');
    if (end === 'COMPLETE' || signal.aborted) return;
    if (end === 'SIGNED_OUT') await signedIn(signal);
    else await pause(end === 'REFUSED' ? AGAIN_WHEN_REFUSED_MS : AGAIN_MS, signal);
  }
}

async function listen<Data, Variables extends AnyVariables>(
  { document, variables }: Question<Data, Variables>,
  signal: AbortSignal,
  tell: (data: Data) => void,
): Promise<End> {
  const lent = delegation.get();
  const answer = await fetch('/graphql/stream', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...delegationHeaders(lent),
    },
    body: JSON.stringify({ query: stringifyDocument(document), variables }),
    signal,
  });
  if (answer.status === 401) return 'SIGNED_OUT';
  if (answer.status === 403 && lent !== null) endDelegation(lent);
  if (!answer.ok || answer.body === null) return 'REFUSED';
  for await (const { event, data } of eventsIn(answer.body)) {
    if (event === 'complete') return 'COMPLETE';
    if (event !== 'next') continue;
    const told = JSON.parse(data) as Told<Data>;
    if (told.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) return 'SIGNED_OUT';
    if (told.errors !== undefined) return 'REFUSED';
    if (told.data != null) tell(told.data);
  }
  return 'CUT';
}

interface Told<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Says that the session has ended, and waits until somebody has signed in. */
function signedIn(signal: AbortSignal): Promise<void> {
  sessionState.set('ENDED');
  return new Promise((resolve) => {
    const stop = sessionState.subscribe(() => {
      if (sessionState.get() === 'SIGNED_IN') done();
    });
    const done = () => {
      stop();
      resolve();
    };
    signal.addEventListener('abort', done);
  });
}

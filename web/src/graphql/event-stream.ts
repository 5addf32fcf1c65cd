import { type AnyVariables, stringifyDocument, type TypedDocumentNode } from '@urql/core';
import { delegation, delegationHeaders, endDelegation } from '../session/delegation.ts';
import { sessionState } from '../session/session-state.ts';
import { eventsIn } from './server-events.ts';
import { onVisibility, untilLookedAt, untilSignedIn } from './until.ts';

const AGAIN_MS = 1_500;
/** The server says something every 12 seconds: a connection that is silent for so long has died without a word. */
const LONGEST_SILENCE_MS = 30_000;
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
 * is opened again, after the next sign-in where the session was what ended. Only the tab that is looked at listens: browsers
 * open few connections to one server, and each stream holds one.
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
  for (;;) {
    await untilLookedAt(signal);
    if (signal.aborted) return;
    const end = await connect(question, signal, tell).catch((): End => 'CUT');
    if (end === 'COMPLETE' || signal.aborted) return;
    if (end === 'SIGNED_OUT') {
      sessionState.set('ENDED');
      await untilSignedIn(signal);
    } else if (document.visibilityState === 'visible') {
      await pause(end === 'REFUSED' ? AGAIN_WHEN_REFUSED_MS : AGAIN_MS, signal);
    }
  }
}

/** One connection, given up when nobody looks, and when it is silent for too long. */
async function connect<Data, Variables extends AnyVariables>(
  question: Question<Data, Variables>,
  signal: AbortSignal,
  tell: (data: Data) => void,
): Promise<End> {
  const connection = new AbortController();
  const giveUp = () => connection.abort();
  const stopLooking = onVisibility(giveUp);
  let timer = setTimeout(giveUp, LONGEST_SILENCE_MS);
  function heard() {
    clearTimeout(timer);
    timer = setTimeout(giveUp, LONGEST_SILENCE_MS);
  }
  try {
    return await listen(question, AbortSignal.any([signal, connection.signal]), heard, tell);
  } finally {
    clearTimeout(timer);
    stopLooking();
    giveUp();
  }
}

async function listen<Data, Variables extends AnyVariables>(
  { document, variables }: Question<Data, Variables>,
  signal: AbortSignal,
  heard: () => void,
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
    heard();
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
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}

import { stringifyDocument } from '@urql/core';
import { delegation } from '../../session/delegation.ts';
import { sessionState } from '../../session/session-state.ts';
import { type OperationFragment, WatchOperationDocument, type WatchOperationSubscription } from './sync.graphql.ts';

const AGAIN_MS = 1_500;
/** When the server has as many listeners as it takes. */
const AGAIN_WHEN_REFUSED_MS = 15_000;

/** `COMPLETE`: there is no more to tell. `CUT`: the connection, or the server, has gone. */
type End = 'COMPLETE' | 'CUT' | 'REFUSED' | 'SIGNED_OUT';

/**
 * Tells of an operation as it moves on, until it has ended: GraphQL over server-sent events. A stream that is cut is opened
 * again, after the next sign-in where the session was what ended.
 * @returns what stops it
 */
export function watchOperation(id: string, tell: (operation: OperationFragment) => void): () => void {
  const { signal, abort } = closable();
  void keepListening(id, signal, tell);
  return abort;
}

function closable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function keepListening(
  id: string,
  signal: AbortSignal,
  tell: (operation: OperationFragment) => void,
): Promise<void> {
  while (!signal.aborted) {
    const end = await listen(id, signal, tell).catch((): End => 'CUT');
    if (end === 'COMPLETE' || signal.aborted) return;
    if (end === 'SIGNED_OUT') await signedIn(signal);
    else await pause(end === 'REFUSED' ? AGAIN_WHEN_REFUSED_MS : AGAIN_MS, signal);
  }
}

async function listen(id: string, signal: AbortSignal, tell: (operation: OperationFragment) => void): Promise<End> {
  const lent = delegation.get()?.id;
  const answer = await fetch('/graphql/stream', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(lent === undefined ? {} : { 'x-keyward-delegation': lent }),
    },
    body: JSON.stringify({ query: stringifyDocument(WatchOperationDocument), variables: { id } }),
    signal,
  });
  if (answer.status === 401) return 'SIGNED_OUT';
  if (!answer.ok || answer.body === null) return 'REFUSED';
  for await (const { event, data } of eventsIn(answer.body)) {
    if (event === 'complete') return 'COMPLETE';
    if (event !== 'next') continue;
    const told = JSON.parse(data) as Told;
    if (told.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) return 'SIGNED_OUT';
    if (told.errors !== undefined) return 'REFUSED';
    if (told.data?.bulkOperation != null) tell(told.data.bulkOperation);
  }
  return 'CUT';
}

interface Told {
  readonly data?: WatchOperationSubscription | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks.map(parseEvent);
  }
}

function parseEvent(block: string): ServerEvent {
  const lines = block.split('\n');
  const field = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join('\n');
  return { event: field('event'), data: field('data') };
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

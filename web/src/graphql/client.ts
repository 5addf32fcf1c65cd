import {
  Client,
  cacheExchange,
  type Exchange,
  fetchExchange,
  makeOperation,
  mapExchange,
  type Operation,
} from '@urql/core';
import { filter, makeSubject, merge, pipe, tap } from 'wonka';
import { delegation } from '../session/delegation.ts';
import { sessionState } from '../session/session-state.ts';
import { isSessionEnded } from './failure.ts';

/**
 * When the session has ended, queries wait for the next sign-in and are then asked anew: what is on the screen stays. A
 * command comes back with the error, and is the user's to repeat.
 */
function resumeAfterSignIn(): Exchange {
  const waiting = new Map<number, Operation>();
  const again = makeSubject<Operation>();
  sessionState.subscribe(() => {
    if (sessionState.get() !== 'SIGNED_IN') return;
    const operations = [...waiting.values()];
    waiting.clear();
    for (const operation of operations) {
      again.next(makeOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }));
    }
  });
  return ({ forward }) =>
    (operations) =>
      pipe(
        merge([
          pipe(
            operations,
            tap(({ key, kind }) => {
              if (kind === 'teardown') waiting.delete(key);
            }),
          ),
          again.source,
        ]),
        forward,
        filter(({ error, operation }) => {
          if (!isSessionEnded(error)) return true;
          const isQuery = operation.kind === 'query';
          if (isQuery && sessionState.get() !== 'SIGNED_OUT' && sessionState.get() !== 'UNKNOWN') {
            waiting.set(operation.key, operation);
          }
          const isKnown = sessionState.get() === 'SIGNED_IN' || sessionState.get() === 'ENDED';
          sessionState.set(isKnown ? 'ENDED' : 'SIGNED_OUT');
          return !(isQuery && isKnown);
        }),
      );
}

/** Where a question failed as a whole its `data` is null: to a screen, nothing has come. */
const nothingIsAbsent = mapExchange({
  onResult: (result) => ({ ...result, data: result.data ?? undefined }),
});

function createClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange, nothingIsAbsent, resumeAfterSignIn(), fetchExchange],
    requestPolicy: 'cache-and-network',
    fetchOptions: () => {
      const id = delegation.get()?.id;
      const headers: HeadersInit = id === undefined ? {} : { 'x-keyward-delegation': id };
      return { credentials: 'same-origin', headers };
    },
  });
}

/** The one connection to the API: the browser's cookie says who asks, and only our own pages may send it. */
export const client = createClient();

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
import { type ActingUnder, delegationHeaders, endDelegation } from '../session/delegation.ts';
import { sessionState } from '../session/session-state.ts';
import { isDelegationEnded, isSessionEnded } from './failure.ts';

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

/** Whoever acts under a right that has ended is themselves again. */
function giveBack(lent: ActingUnder): Exchange {
  return mapExchange({
    onResult({ error }) {
      if (isDelegationEnded(error)) endDelegation(lent);
    },
  });
}

/**
 * A connection to the API: the browser's cookie says who asks, and only our own pages may send it. What was answered under one
 * right is never shown under another: each has a connection of its own.
 * @param lent the right of another provider under which it asks; null: one's own
 */
export function createClient(lent: ActingUnder | null): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      nothingIsAbsent,
      resumeAfterSignIn(),
      ...(lent === null ? [] : [giveBack(lent)]),
      fetchExchange,
    ],
    requestPolicy: 'cache-and-network',
    fetchOptions: { credentials: 'same-origin', headers: delegationHeaders(lent) },
  });
}

/** Under one's own right. */
export const ownClient = createClient(null);

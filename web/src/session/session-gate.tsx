import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { RouterProvider } from 'react-router/dom';
import { Provider } from 'urql';
import { whenIdle } from '../app/later.ts';
import { router } from '../app/router.tsx';
import { LoadBoundary, PartFailed } from '../components/load-boundary.tsx';
import { ErrorState } from '../components/states.tsx';
import { createClient, ownClient } from '../graphql/client.ts';
import { failureOf } from '../graphql/failure.ts';
import { revision } from '../graphql/revision.ts';
import { useFreshQuery } from '../graphql/use-fresh-query.ts';
import { useStore } from '../store.ts';
import { delegation } from './delegation.ts';
import { sessionState } from './session-state.ts';
import { ViewerDocument } from './viewer.graphql.ts';
import { type Viewer, ViewerContext } from './viewer.ts';

const loadSessionEnded = () => import('./session-ended.tsx');
const SessionEnded = lazy(loadSessionEnded);
const SignInPage = lazy(() => import('./sign-in-page.tsx'));

/**
 * The console for whoever is signed in, and the sign-in for everybody else. Under another provider's right, or no longer, it
 * begins anew: nobody sees or can do the same as a moment ago.
 */
export function SessionGate() {
  const lent = useStore(delegation);
  const client = useMemo(() => (lent === null ? ownClient : createClient(lent)), [lent]);
  const before = useRef<string | null>(null);
  const onViewer = useCallback(({ id }: Viewer) => {
    // Somebody else has signed in: nothing of what the one before saw may stay.
    if (before.current !== null && before.current !== id) location.assign('/');
    before.current = id;
    if (sessionState.get() === 'UNKNOWN') sessionState.set('SIGNED_IN');
  }, []);
  return (
    <Provider value={client}>
      <Session key={lent?.id} onViewer={onViewer} />
    </Provider>
  );
}

function onSignedIn() {
  sessionState.set('SIGNED_IN');
  // What was refused meanwhile is asked again, and who it is that has signed in.
  revision.set(revision.get() + 1);
}

function Session({ onViewer }: { readonly onViewer: (viewer: Viewer) => void }) {
  const state = useStore(sessionState);
  // Signing out and in as somebody else can happen in another tab.
  const [{ data, error, fetching }, ask] = useFreshQuery({ query: ViewerDocument, pause: state === 'SIGNED_OUT' });
  const known = useRef<Viewer | undefined>(undefined);
  // What was typed stays, also when it could not be looked up who is there.
  known.current = data?.viewer ?? known.current;
  const viewer = known.current;
  useEffect(() => {
    if (viewer !== undefined) onViewer(viewer);
  }, [viewer, onViewer]);

  const isSignedIn = viewer !== undefined;
  useEffect(() => (isSignedIn ? whenIdle(loadSessionEnded) : undefined), [isSignedIn]);

  if (state === 'SIGNED_OUT') {
    return (
      <Suspense fallback={<Starting />}>
        <SignInPage onSignedIn={onSignedIn} />
      </Suspense>
    );
  }
  if (viewer === undefined && error !== undefined && !fetching) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (viewer === undefined) return <Starting />;
  return (
    <ViewerContext value={viewer}>
      <RouterProvider router={router} />
      {state === 'ENDED' && (
        <LoadBoundary instead={<PartFailed loss="Your session has ended. Copy what you typed." />}>
          <Suspense fallback={null}>
            <SessionEnded onSignedIn={onSignedIn} />
          </Suspense>
        </LoadBoundary>
      )}
    </ViewerContext>
  );
}

function Starting() {
  return (
    <Center h="100%" role="status" aria-label="Loading the console">
      <Loader size="sm" />
    </Center>
  );
}

import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { RouterProvider } from 'react-router/dom';
import { useQuery } from 'urql';
import { whenIdle } from '../app/later.ts';
import { router } from '../app/router.tsx';
import { LoadBoundary, PartFailed } from '../components/load-boundary.tsx';
import { ErrorState } from '../components/states.tsx';
import { failureOf } from '../graphql/failure.ts';
import { revision } from '../graphql/revision.ts';
import { useStore } from '../store.ts';
import { delegation } from './delegation.ts';
import { sessionState } from './session-state.ts';
import { ViewerDocument } from './viewer.graphql.ts';
import { ViewerContext } from './viewer.ts';

const loadSessionEnded = () => import('./session-ended.tsx');
const SessionEnded = lazy(loadSessionEnded);
const SignInPage = lazy(() => import('./sign-in-page.tsx'));

/** The console for whoever is signed in, and the sign-in for everybody else. */
export function SessionGate() {
  const state = useStore(sessionState);
  const [{ data, error, fetching }, ask] = useQuery({ query: ViewerDocument, pause: state === 'SIGNED_OUT' });
  const viewer = data?.viewer;
  const before = useRef<string | null>(null);
  const lent = useStore(delegation);
  const actingUnder = useRef(lent);

  useEffect(() => {
    if (viewer === undefined) return;
    // Somebody else has signed in: nothing of what the one before saw may stay.
    if (before.current !== null && before.current !== viewer.id) location.assign('/');
    before.current = viewer.id;
    if (sessionState.get() === 'UNKNOWN') sessionState.set('SIGNED_IN');
  }, [viewer]);

  useEffect(() => {
    // Under another provider's right, or no longer: nobody can do the same as a moment ago.
    if (actingUnder.current === lent) return;
    actingUnder.current = lent;
    ask({ requestPolicy: 'network-only' });
    revision.set(revision.get() + 1);
  }, [lent, ask]);

  const isSignedIn = viewer !== undefined;
  useEffect(() => (isSignedIn ? whenIdle(loadSessionEnded) : undefined), [isSignedIn]);

  function onSignedIn() {
    sessionState.set('SIGNED_IN');
    ask({ requestPolicy: 'network-only' });
    // What was refused meanwhile is asked again.
    revision.set(revision.get() + 1);
  }

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

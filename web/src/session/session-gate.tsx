import { Center, Loader, Modal, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { RouterProvider } from 'react-router/dom';
import { useQuery } from 'urql';
import { router } from '../app/router.tsx';
import { ErrorState } from '../components/states.tsx';
import { failureOf } from '../graphql/failure.ts';
import { revision } from '../graphql/revision.ts';
import { useStore } from '../store.ts';
import { delegation } from './delegation.ts';
import { sessionState } from './session-state.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { ViewerDocument } from './viewer.graphql.ts';
import { ViewerContext } from './viewer.ts';

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

  function onSignedIn() {
    sessionState.set('SIGNED_IN');
    ask({ requestPolicy: 'network-only' });
  }

  if (state === 'SIGNED_OUT') return <SignInPage onSignedIn={onSignedIn} />;
  if (viewer === undefined && error !== undefined && !fetching) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (viewer === undefined) return <Starting />;
  return (
    <ViewerContext value={viewer}>
      <RouterProvider router={router} />
      <Modal
        opened={state === 'ENDED'}
        onClose={() => undefined}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        title="Your session has ended"
        centered
      >
        <Text size="sm" c="var(--kw-ink-2)" mb="md">
          Sign in again to go on. Nothing that you typed is lost.
        </Text>
        <SignInForm onSignedIn={onSignedIn} />
      </Modal>
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

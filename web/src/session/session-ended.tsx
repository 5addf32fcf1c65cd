import { Divider, Modal, Text } from '@mantine/core';
import { useEffect } from 'react';
import { isSignedIn } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SingleSignOnForm } from './single-sign-on-form.tsx';

/** Over what somebody was doing when their session ended. */
export default function SessionEnded({ onSignedIn }: { readonly onSignedIn: () => void }) {
  useSignedInElsewhere(onSignedIn);
  return (
    <Modal
      opened
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
      <Divider label="or" my="md" />
      <SingleSignOnForm inNewTab />
      <Text size="xs" c="var(--kw-ink-2)" mt="xs">
        Single sign-on opens in another tab. Come back to this one when you are signed in.
      </Text>
    </Modal>
  );
}

/** Looks whenever somebody comes back from another tab: one session is for all of them. */
function useSignedInElsewhere(onSignedIn: () => void): void {
  useEffect(() => {
    let isWanted = true;
    async function look() {
      if (document.visibilityState === 'visible' && (await isSignedIn()) && isWanted) onSignedIn();
    }
    const lookNow = () => void look();
    document.addEventListener('visibilitychange', lookNow);
    addEventListener('focus', lookNow);
    return () => {
      isWanted = false;
      document.removeEventListener('visibilitychange', lookNow);
      removeEventListener('focus', lookNow);
    };
  }, [onSignedIn]);
}

import { Modal, Text } from '@mantine/core';
import { SignInForm } from './sign-in-form.tsx';

/** Over what somebody was doing when their session ended. */
export default function SessionEnded({ onSignedIn }: { readonly onSignedIn: () => void }) {
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
    </Modal>
  );
}

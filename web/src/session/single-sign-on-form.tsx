import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { forgetSignInPath, goToSignIn, rememberedSignInPath, signInPathOf } from './single-sign-on.ts';

const NO_ADDRESS = 'This is no single sign-on address of this site. It looks like ';

/**
 * Which companies sign in elsewhere is told to nobody who is not signed in. So whoever comes first pastes the address that
 * their administrator has given them; from then on this browser knows it.
 */
export function SingleSignOnForm({ inNewTab = false }: { readonly inNewTab?: boolean }) {
  const [path, setPath] = useState(rememberedSignInPath);
  const [isAsking, setIsAsking] = useState(false);
  const [address, setAddress] = useState('');
  const [isWrong, setIsWrong] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = signInPathOf(address);
    if (given === null) setIsWrong(true);
    else goToSignIn(given, inNewTab);
  }

  if (path !== null) {
    return (
      <Stack gap={6}>
        <Button variant="default" fullWidth onClick={() => goToSignIn(path, inNewTab)}>
          Sign in with single sign-on
        </Button>
        <Anchor
          component="button"
          type="button"
          size="xs"
          underline="always"
          onClick={() => {
            forgetSignInPath();
            setPath(null);
            setIsAsking(true);
          }}
        >
          Use another single sign-on address
        </Anchor>
      </Stack>
    );
  }
  if (!isAsking) {
    return (
      <Button variant="default" fullWidth onClick={() => setIsAsking(true)}>
        Use single sign-on
      </Button>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Single sign-on address"
          description="Your administrator has it. This browser remembers it."
          placeholder={`${location.origin}/auth/sso/…`}
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={address}
          error={
            isWrong && (
              <>
                {NO_ADDRESS}
                <Text component="span" size="xs" ff="monospace">
                  {location.origin}/auth/sso/…
                </Text>
              </>
            )
          }
          onChange={(event) => {
            setAddress(event.currentTarget.value);
            setIsWrong(false);
          }}
        />
        <Button type="submit" variant="default" fullWidth>
          Go on with single sign-on
        </Button>
      </Stack>
    </form>
  );
}

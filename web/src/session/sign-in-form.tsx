import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { replacePassword, type SignInResult, signIn } from './session.ts';

/** By password; whoever got theirs from somebody else chooses a new one on the way. */
export function SignInForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [mustChange, setMustChange] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function tryIt(): Promise<SignInResult> {
    if (!mustChange) return signIn(username, password);
    const changed = await replacePassword(username, password, newPassword);
    return changed === 'OK' ? signIn(username, newPassword) : changed;
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setProblem(null);
    const result = await tryIt();
    setIsBusy(false);
    if (result === 'OK') {
      setPassword('');
      setNewPassword('');
      onSignedIn();
    } else if (result === 'PASSWORD_CHANGE_REQUIRED') setMustChange(true);
    else if (result === 'REFUSED') setProblem('The user name or the password is wrong. Check both, then try again.');
    else setProblem(result.message);
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          ref={first}
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={username}
          readOnly={mustChange}
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-autofocus
        />
        <PasswordInput
          label={mustChange ? 'Current password' : 'Password'}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        />
        {mustChange && (
          <>
            <Text size="sm" role="status">
              Somebody else has set this password. Choose one of your own to go on.
            </Text>
            <PasswordInput
              label="New password"
              description="At least 12 characters, without your user name, and none of the common ones."
              name="new-password"
              autoComplete="new-password"
              required
              withAsterisk={false}
              value={newPassword}
              onChange={(event) => setNewPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show new password' }}
            />
          </>
        )}
        {problem !== null && (
          <Text size="sm" c="var(--kw-red)" role="alert">
            {problem}
          </Text>
        )}
        <Button type="submit" loading={isBusy} fullWidth mt={4}>
          {mustChange ? 'Change password and sign in' : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

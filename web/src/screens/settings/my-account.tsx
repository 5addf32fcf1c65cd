import { Button, Group, SegmentedControl, Text, Title, useMantineColorScheme } from '@mantine/core';
import { KeyRound, LogOut, SquareTerminal } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { themes } from '../../app/themes.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { roleInWords } from '../../components/role.ts';
import { useAction } from '../../graphql/use-action.ts';
import { sessionState } from '../../session/session-state.ts';
import { useViewer, whyNotOwnAccount } from '../../session/viewer.ts';
import { HeldPermissions } from '../people/held-permissions.tsx';
import { EndMySessionsDocument } from './settings.graphql.ts';
import classes from './settings.module.css';

const ChangePasswordDialog = lazy(() => import('../../session/change-password-dialog.tsx'));

export default function MyAccount() {
  const viewer = useViewer();
  const whyNot = whyNotOwnAccount(viewer);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState<'PASSWORD' | 'SESSIONS' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <section className={classes.card} aria-labelledby="who">
        <Title order={2} size="h5" id="who">
          Who you are
        </Title>
        <dl className={classes.facts}>
          <dt>Name</dt>
          <dd dir="auto">{viewer.displayName}</dd>
          <dt>Role</dt>
          <dd dir="auto">{roleInWords(viewer.role)}</dd>
          <dt>At</dt>
          <dd dir="auto">{viewer.organization?.name ?? viewer.serviceProvider?.name ?? 'Platform'}</dd>
          <dt>You may</dt>
          <dd>
            <HeldPermissions permissions={viewer.permissions} />
          </dd>
        </dl>
      </section>
      <section className={classes.card} aria-labelledby="sign-in">
        <Title order={2} size="h5" id="sign-in">
          Password and sessions
        </Title>
        <Text size="sm" c="var(--kw-ink-2)">
          A new password ends every session of yours. If you sign in by single sign-on, your password is there.
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<KeyRound size={14} />}
            onClick={() => setOpen('PASSWORD')}
            disabled={whyNot !== null}
          >
            Change password
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<LogOut size={14} />}
            onClick={() => setOpen('SESSIONS')}
            disabled={whyNot !== null}
          >
            End all my sessions
          </Button>
        </Group>
        {whyNot !== null && <Text size="sm">{whyNot}</Text>}
      </section>
      <section className={classes.card} aria-labelledby="theme">
        <Title order={2} size="h5" id="theme">
          Theme
        </Title>
        <div>
          <SegmentedControl
            aria-label="Theme"
            data={themes.map(({ value, label }) => ({ value, label }))}
            value={colorScheme}
            onChange={(next) => setColorScheme(themes.find(({ value }) => value === next)?.value ?? 'auto')}
          />
        </div>
        <Text size="sm" c="var(--kw-ink-2)">
          This browser remembers it.
        </Text>
      </section>
      <section className={classes.card} aria-labelledby="api">
        <Title order={2} size="h5" id="api">
          API
        </Title>
        <Text size="sm" c="var(--kw-ink-2)">
          Everything here is done by GraphQL, and so can be yours. GraphiQL is signed in as you are.
        </Text>
        <div>
          <Button component="a" href="/graphiql" size="xs" variant="default" leftSection={<SquareTerminal size={14} />}>
            Open GraphiQL
          </Button>
        </div>
      </section>
      {open === 'PASSWORD' && (
        <Suspense fallback={null}>
          <ChangePasswordDialog onClose={close} />
        </Suspense>
      )}
      {open === 'SESSIONS' && <EndSessions id={viewer.id} onClose={close} />}
    </>
  );
}

function EndSessions({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const action = useAction(EndMySessionsDocument);
  async function confirm() {
    if (!(await action.run({ staffMemberId: id }, 'Ended all your sessions.'))) return;
    onClose();
    sessionState.set('ENDED');
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="End all your sessions"
      verb="End all sessions"
      consequences={['You are signed out in every browser, in this one too.']}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() => void confirm()}
    />
  );
}

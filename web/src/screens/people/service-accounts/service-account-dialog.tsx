import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Modal } from '../../../components/modal.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useAction } from '../../../graphql/use-action.ts';
import { useViewer } from '../../../session/viewer.ts';
import { HeldPermissions } from '../held-permissions.tsx';
import type { ServiceAccountRow } from './service-account-columns.tsx';
import { whyNotAddSecret } from './service-account-rules.ts';
import { RevokeServiceAccountSecretDocument } from './service-accounts.graphql.ts';
import classes from './service-accounts.module.css';

interface ServiceAccountDialogProps {
  readonly account: ServiceAccountRow;
  readonly onClose: () => void;
  readonly onAddSecret: () => void;
}

/** One account with its secrets, which are known by when they were made and last used. */
export function ServiceAccountDialog({ account, onClose, onAddSecret }: ServiceAccountDialogProps) {
  const viewer = useViewer();
  const [revoked, setRevoked] = useState<Secret | null>(null);
  const whyNot = whyNotAddSecret(viewer, account);
  const { name, clientId, permissions, secrets, revokedAt, lastUsedAt, lastUsedAddress } = account;
  return (
    <Modal opened onClose={onClose} title={name} centered size="lg">
      <Stack gap="md">
        <dl className={classes.facts}>
          <dt>Client id</dt>
          <dd>
            <code>{clientId}</code> <CopyButton value={clientId} label="Copy client id" />
          </dd>
          <dt>Last used</dt>
          <dd>
            {lastUsedAt === null ? 'Never' : <RelativeTime at={lastUsedAt} />}
            {lastUsedAddress !== null && ` from ${lastUsedAddress}`}
          </dd>
          <dt>May do</dt>
          <dd>
            <HeldPermissions permissions={permissions} />
          </dd>
        </dl>
        <Title order={3} size="h6">
          Secrets
        </Title>
        {secrets.length === 0 && (
          <Text size="sm" c="var(--kw-ink-2)">
            {revokedAt === null ? 'None: it gets no token until you add one.' : 'None: the account was revoked.'}
          </Text>
        )}
        <ul className={classes.secrets}>
          {secrets.map((secret, index) => (
            <li key={secret.id}>
              <span>
                Made <RelativeTime at={secret.createdAt} />
                {', '}
                {secret.lastUsedAt === null ? (
                  'never used'
                ) : (
                  <>
                    last used <RelativeTime at={secret.lastUsedAt} />
                  </>
                )}
              </span>
              <Button
                variant="subtle"
                color="red"
                size="compact-xs"
                aria-label={`Revoke the ${index === 0 ? 'older' : 'newer'} secret`}
                onClick={() => setRevoked(secret)}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="var(--kw-ink-2)" maw={340}>
            {whyNot ?? 'To replace a secret: add a second one, switch over, revoke the older.'}
          </Text>
          <Button size="xs" variant="default" disabled={whyNot !== null} onClick={onAddSecret}>
            Add a secret
          </Button>
        </Group>
      </Stack>
      {revoked !== null && <RevokeSecret account={account} secret={revoked} onClose={() => setRevoked(null)} />}
    </Modal>
  );
}

type Secret = ServiceAccountRow['secrets'][number];

function RevokeSecret(props: {
  readonly account: ServiceAccountRow;
  readonly secret: Secret;
  readonly onClose: () => void;
}) {
  const { account, secret, onClose } = props;
  const action = useAction(RevokeServiceAccountSecretDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Revoke a secret of ${account.name}`}
      verb="Revoke secret"
      consequences={[
        <>
          The secret made <RelativeTime at={secret.createdAt} /> gets no token any more.
        </>,
        'Tokens that were got with it end at once.',
        ...(account.secrets.length === 1 ? ['It is the only one: the program stops until it has another.'] : []),
      ]}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ secretId: secret.id }, `Revoked a secret of ${account.name}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

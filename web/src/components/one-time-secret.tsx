import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { Modal } from './modal.tsx';
import classes from './one-time-secret.module.css';

interface OneTimeSecretProps {
  /** Names whose it is: "Password of Ada Lovelace". */
  readonly title: string;
  /** What it is: "Password". */
  readonly label: string;
  /** Null when the first answer with it was lost. */
  readonly secret: string | null;
  /** What goes with it and may be seen again, such as a user name. */
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** What to do with it. */
  readonly children: ReactNode;
  /** When the answer was lost: how to get another. */
  readonly whenLost: string;
  readonly onClose: () => void;
}

/** What is shown once and can never be looked up again: kept in the props of this dialog until it is closed, and nowhere else. */
export function OneTimeSecret(props: OneTimeSecretProps) {
  const { title, label, secret, facts = [], children, whenLost, onClose } = props;
  return (
    <Modal opened onClose={onClose} title={title} centered closeOnClickOutside={false} closeOnEscape={false}>
      <Stack gap="md">
        <dl className={classes.facts}>
          {facts.map((fact) => (
            <Fact key={fact.label} {...fact} />
          ))}
          {secret !== null && <Fact label={label} value={secret} />}
        </dl>
        <Text size="sm">{secret === null ? whenLost : children}</Text>
        {secret !== null && (
          <Text size="sm" fw={600}>
            It is shown this once and cannot be looked up again.
          </Text>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{secret === null ? 'Close' : 'I have kept it'}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <output aria-label={label}>{value}</output>
        <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} />
      </dd>
    </>
  );
}

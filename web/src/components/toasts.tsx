import { Code, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../graphql/failure.ts';
import { CopyButton } from './copy-button.tsx';
import { withReadableTimes } from './time.ts';

/** Says what happened, to what: "Regenerated the key of Northwind GmbH". */
export function showDone(message: ReactNode): void {
  notifications.show({ message, icon: <CircleCheck size={18} />, color: 'teal', autoClose: 5000 });
}

/** With the API's code, ready to be copied into a mail to whoever can help. */
export function showFailure({ code, message }: Failure): void {
  notifications.show({
    // The same refusal twice is one toast.
    id: `${code} ${message}`,
    color: 'red',
    icon: <CircleAlert size={18} />,
    autoClose: 12_000,
    message: (
      <>
        <Text size="sm">{withReadableTimes(message)}</Text>
        <Group gap={4} mt={4} wrap="nowrap">
          <Code>{code}</Code>
          <CopyButton value={code} label="Copy error code" />
        </Group>
      </>
    ),
  });
}

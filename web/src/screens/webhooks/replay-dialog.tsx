import { SimpleGrid, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useFields } from '../../components/fields.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { plural } from '../../components/time.ts';
import { showDone } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { type EndpointFragment, ReplayWebhookEventsDocument } from './webhooks.graphql.ts';

const HOUR_MS = 3_600_000;
/** As `datetime-local` has it, in UTC. */
const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16);

interface ReplayDialogProps {
  readonly endpoint: EndpointFragment;
  readonly onClose: () => void;
}

/** What happened in a time span is sent once more, or for the first time. */
export default function ReplayDialog({ endpoint, onClose }: ReplayDialogProps) {
  const command = useCommand(ReplayWebhookEventsDocument);
  const [anHourAgo] = useState(() => minuteOf(Date.now() - HOUR_MS));
  const fields = useFields({ since: anHourAgo, until: '' });
  const { since, until } = fields.values;

  async function submit() {
    const result = await command.run({
      webhookEndpointId: endpoint.id,
      since: `${since}:00Z`,
      until: until === '' ? null : `${until}:00Z`,
    });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`${plural(result.payload.replayedCount ?? 0, 'event goes', 'events go')} to ${endpoint.name} once more.`);
    onClose();
  }

  return (
    <FormDialog
      title={`Send again to ${endpoint.name}`}
      verb="Send again"
      isRunning={command.isRunning}
      isDisabled={since === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm">
        Events of the types and organizations that it has chosen now, sent before or not, in their order. Each keeps its{' '}
        <span style={{ fontFamily: 'var(--kw-mono)' }}>webhook-id</span>: the receiver knows those that it has.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          type="datetime-local"
          label="From (UTC)"
          required
          withAsterisk={false}
          data-autofocus
          {...fields.text('since')}
        />
        <TextInput
          type="datetime-local"
          label="Until (UTC)"
          description="Empty: until now"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...fields.text('until')}
        />
      </SimpleGrid>
    </FormDialog>
  );
}

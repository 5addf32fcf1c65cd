import { Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog, ConfirmForm, Dialog } from '../../components/confirm-dialog.tsx';
import { plural } from '../../components/time.ts';
import { WholeNumberInput } from '../../components/whole-number-input.tsx';
import { useAction } from '../../graphql/use-action.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { originOf } from './endpoint-rules.ts';
import type { NewSecret } from './new-secret.tsx';
import {
  DeleteWebhookEndpointDocument,
  type EndpointFragment,
  RotateWebhookSecretDocument,
  UpdateWebhookEndpointDocument,
} from './webhooks.graphql.ts';

interface QuestionProps {
  readonly endpoint: EndpointFragment;
  readonly onClose: () => void;
}

export function DisableEndpoint({ endpoint, onClose }: QuestionProps) {
  const action = useAction(UpdateWebhookEndpointDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Disable ${endpoint.name}`}
      verb="Disable webhook"
      consequences={[
        `Nothing is sent to ${originOf(endpoint.url)} any more.`,
        'What waits is kept, and goes out once it is enabled again.',
        'What happens meanwhile is not put in line: send it again afterwards, by its time span.',
      ]}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ webhookEndpointId: endpoint.id, isEnabled: false }, `Disabled ${endpoint.name}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

/** @param onDeleted where to go when it is gone; left out: the dialog just closes */
export function DeleteEndpoint({ endpoint, onClose, onDeleted }: QuestionProps & { readonly onDeleted?: () => void }) {
  const action = useAction(DeleteWebhookEndpointDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${endpoint.name}`}
      verb="Delete webhook"
      consequences={[
        `Nothing is sent to ${originOf(endpoint.url)} any more.`,
        'What waits for it, and the log of what it was sent, go with it.',
      ]}
      typed={endpoint.name}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ webhookEndpointId: endpoint.id }, `Deleted ${endpoint.name}.`)
          .then((isDone) => isDone && (onDeleted ?? onClose)())
      }
    />
  );
}

const USUAL_OVERLAP_HOURS = 24;
const LONGEST_OVERLAP_HOURS = 168;

interface RotateProps extends QuestionProps {
  readonly onSecret: (secret: NewSecret) => void;
}

export function RotateSecret(props: RotateProps) {
  return (
    <Dialog opened onClose={props.onClose} title={`Rotate the secret of ${props.endpoint.name}`}>
      <RotateForm {...props} />
    </Dialog>
  );
}

function overlapInWords(hours: number): string {
  return hours === 0
    ? 'The present secret signs no more: whatever is checked with it is refused.'
    : `For ${plural(hours, 'hour')} what is sent has two signatures, of the present secret and of the new one.`;
}

function RotateForm({ endpoint, onClose, onSecret }: RotateProps) {
  const command = useCommand(RotateWebhookSecretDocument);
  const [hours, setHours] = useState<number | null>(USUAL_OVERLAP_HOURS);
  const [problem, setProblem] = useState<string | undefined>();
  async function confirm() {
    if (hours === null) return;
    const result = await command.run({ webhookEndpointId: endpoint.id, overlapHours: hours });
    if (!result.isDone) return setProblem(result.failures[0]?.message);
    onSecret({ name: endpoint.name, secret: result.payload.secret, overlapHours: hours });
  }
  return (
    <ConfirmForm
      onClose={onClose}
      verb="Rotate and show secret"
      isUndoable
      isHarmful={hours === 0}
      isDisabled={hours === null}
      isRunning={command.isRunning}
      onConfirm={() => void confirm()}
      consequences={['The new secret is shown once.', ...(hours === null ? [] : [overlapInWords(hours)])]}
    >
      <WholeNumberInput
        label="The present secret signs on for so many hours"
        description={`0 to ${LONGEST_OVERLAP_HOURS}. Time to change over at the receiver.`}
        min={0}
        max={LONGEST_OVERLAP_HOURS}
        maw={320}
        value={hours}
        error={problem}
        data-autofocus
        onChange={(next) => {
          setProblem(undefined);
          setHours(next);
        }}
      />
      {endpoint.previousSecretUntil !== null && (
        <Text size="sm" c="var(--kw-amber)">
          It was rotated before, and the secret before still signs: that one ends at once.
        </Text>
      )}
    </ConfirmForm>
  );
}

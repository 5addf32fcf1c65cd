import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { Link } from 'react-router';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Modal } from '../../../components/modal.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { statusOfDelivery } from '../endpoint-rules.ts';
import type { DeliveryFragment } from '../webhooks.graphql.ts';
import classes from '../webhooks.module.css';
import { answerOf } from './delivery-columns.tsx';

interface DeliveryDialogProps {
  readonly delivery: DeliveryFragment;
  /** Null: it can be sent once more. */
  readonly whyNotAgain: string | null;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** One event for one endpoint, with what the receiver needs to find it in its own log. */
export function DeliveryDialog({ delivery, whyNotAgain, onAgain, onClose }: DeliveryDialogProps) {
  const { type, status, attempts, webhookId, organizationId, error } = delivery;
  return (
    <Modal opened onClose={onClose} title={type} centered size="lg">
      <Stack gap="md">
        <dl className={classes.facts}>
          <dt>Status</dt>
          <dd>
            <StatusBadge status={statusOfDelivery(status)} />
          </dd>
          <dt>webhook-id</dt>
          <dd>
            <span className={classes.mono}>{webhookId}</span> <CopyButton value={webhookId} label="Copy webhook-id" />
          </dd>
          {organizationId !== null && (
            <>
              <dt>About</dt>
              <dd>
                <Anchor component={Link} to={`/organizations/${organizationId}`} size="sm">
                  The organization
                </Anchor>
              </dd>
            </>
          )}
          <dt>Attempts</dt>
          <dd>{attempts}</dd>
          <Time label="Last try" at={delivery.lastAttemptAt} />
          <Time label="Next try" at={delivery.nextAttemptAt} />
          <Time label="Delivered" at={delivery.deliveredAt} />
          <dt>Last answer</dt>
          <dd>{answerOf(delivery)}</dd>
        </dl>
        {error !== null && <pre className={classes.answer}>{error}</pre>}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="var(--kw-ink-2)" maw={340}>
            {whyNotAgain}
          </Text>
          <Button
            size="xs"
            variant="default"
            leftSection={<RotateCcw size={14} aria-hidden />}
            disabled={whyNotAgain !== null}
            onClick={onAgain}
          >
            Send again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Time({ label, at }: { readonly label: string; readonly at: string | null }) {
  if (at === null) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <RelativeTime at={at} />
      </dd>
    </>
  );
}

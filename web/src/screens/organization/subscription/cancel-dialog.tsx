import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { showFieldFailures } from '../../../graphql/use-action.ts';
import { CancelSubscriptionDocument } from './subscription.graphql.ts';
import { type SubscriptionDialogProps, useSubscriptionCommand } from './use-subscription-command.ts';

export function CancelDialog(props: SubscriptionDialogProps) {
  const { organization, opened, onClose } = props;
  const { subscription } = organization;
  const command = useSubscriptionCommand(CancelSubscriptionDocument, 'Cancelled the subscription', props);
  const isScheduled = subscription?.status === 'SCHEDULED';
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Cancel the subscription of ${organization.name}`}
      verb="Cancel subscription"
      dismissal="Keep it"
      consequences={
        isScheduled
          ? ['It will not start, and no key comes with it.', 'Renew it to have it start after all.']
          : [
              'It ends now, and with it every use of the key.',
              'The key is kept, and works again as soon as the subscription is renewed.',
            ]
      }
      isUndoable
      isHarmful
      isRunning={command.isRunning}
      onConfirm={() => void command.run({ expectedVersion: subscription?.version ?? null }).then(showFieldFailures)}
    />
  );
}

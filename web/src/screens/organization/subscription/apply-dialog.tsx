import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { ApplySubscriptionDocument } from './subscription.graphql.ts';
import { newSubscription, SubscriptionFields, toSubscription } from './subscription-fields.tsx';
import { type SubscriptionDialogProps, useSubscriptionCommand } from './use-subscription-command.ts';

export function ApplyDialog(props: SubscriptionDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Apply a subscription to ${props.organization.name}`}>
      <ApplyForm {...props} />
    </Dialog>
  );
}

function ApplyForm(props: SubscriptionDialogProps) {
  const command = useSubscriptionCommand(ApplySubscriptionDocument, 'Applied the subscription', props);
  const fields = useFields({ ...newSubscription(), plan: props.organization.subscription?.plan ?? '' });

  function submit() {
    const subscription = toSubscription(fields.values);
    if (subscription !== null) void command.run(subscription).then(fields.refuse);
  }

  return (
    <ConfirmForm
      onClose={props.onClose}
      verb="Apply subscription"
      consequences={[
        'A key is made when it starts, if there is none.',
        'Plan and calls stay as they are until another subscription is applied.',
      ]}
      isUndoable
      isRunning={command.isRunning}
      onConfirm={submit}
    >
      <SubscriptionFields fields={fields} />
    </ConfirmForm>
  );
}

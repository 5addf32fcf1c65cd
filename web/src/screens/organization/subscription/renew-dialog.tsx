import { Button, Group, TextInput } from '@mantine/core';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { dateOnly } from '../../../components/time.ts';
import { RenewSubscriptionDocument } from './subscription.graphql.ts';
import { instantOf, monthsAfter } from './subscription-dates.ts';
import { type SubscriptionDialogProps, useSubscriptionCommand } from './use-subscription-command.ts';

const spans = [
  { months: 1, label: '1 month' },
  { months: 12, label: '1 year' },
  { months: 24, label: '2 years' },
] as const;

export function RenewDialog(props: SubscriptionDialogProps) {
  return (
    <Dialog
      opened={props.opened}
      onClose={props.onClose}
      title={`Renew the subscription of ${props.organization.name}`}
    >
      <RenewForm {...props} />
    </Dialog>
  );
}

function RenewForm(props: SubscriptionDialogProps) {
  const { subscription } = props.organization;
  const command = useSubscriptionCommand(RenewSubscriptionDocument, 'Renewed the subscription', props);
  const endsAt = subscription === null ? Date.now() : Date.parse(subscription.endsAt);
  const isEnded = subscription?.status === 'EXPIRED';
  // Nobody pays for the time that has gone by.
  const from = Math.max(endsAt, Date.now());
  const fields = useFields({ endsAt: monthsAfter(from, 12) });

  function submit() {
    const end = instantOf(fields.values.endsAt);
    if (end === null) return;
    void command.run({ endsAt: end, expectedVersion: subscription?.version ?? null }).then(fields.refuse);
  }

  return (
    <ConfirmForm
      onClose={props.onClose}
      verb="Renew subscription"
      consequences={[
        `It ${isEnded ? 'ended' : 'ends'} on ${dateOnly(endsAt)}${isEnded ? '' : ' so far'}.`,
        ...(isEnded ? ['The key works again at once, unless something else disables it.'] : []),
        'A renewal cannot be made shorter again, only cancelled.',
      ]}
      isUndoable
      isRunning={command.isRunning}
      onConfirm={submit}
    >
      <TextInput
        type="date"
        label="Ends on"
        description="From the beginning of that day, UTC, it holds no longer."
        required
        withAsterisk={false}
        data-autofocus
        {...fields.text('endsAt')}
      />
      <Group gap={8}>
        {spans.map(({ months, label }) => (
          <Button
            key={months}
            size="compact-xs"
            variant="default"
            onClick={() => fields.set({ endsAt: monthsAfter(from, months) })}
          >
            {label}
          </Button>
        ))}
      </Group>
    </ConfirmForm>
  );
}

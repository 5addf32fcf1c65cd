import { Group, NativeSelect, TextInput } from '@mantine/core';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { ApplySubscriptionDocument } from './subscription.graphql.ts';
import { dayOf, instantOf, monthsAfter, type Period, periodWords } from './subscription-dates.ts';
import { type SubscriptionDialogProps, useSubscriptionCommand } from './use-subscription-command.ts';

const periods = Object.keys(periodWords) as Period[];

export function ApplyDialog(props: SubscriptionDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Apply a subscription to ${props.organization.name}`}>
      <ApplyForm {...props} />
    </Dialog>
  );
}

function ApplyForm(props: SubscriptionDialogProps) {
  const command = useSubscriptionCommand(ApplySubscriptionDocument, 'Applied the subscription', props);
  const fields = useFields({
    plan: props.organization.subscription?.plan ?? '',
    startsAt: '',
    endsAt: monthsAfter(Date.now(), 12),
    callThreshold: '',
    thresholdPeriod: 'DAY' as string,
  });
  const { values } = fields;
  const threshold = values.callThreshold.trim() === '' ? null : Number(values.callThreshold);

  function submit() {
    const endsAt = instantOf(values.endsAt);
    if (endsAt === null) return;
    const thresholdPeriod = periods.find((period) => period === values.thresholdPeriod) ?? 'DAY';
    void command
      .run({
        plan: values.plan,
        startsAt: instantOf(values.startsAt),
        endsAt,
        callThreshold: threshold,
        thresholdPeriod: threshold === null ? null : thresholdPeriod,
      })
      .then(fields.refuse);
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
      <TextInput
        label="Plan"
        required
        withAsterisk={false}
        maxLength={100}
        dir="auto"
        data-autofocus
        {...fields.text('plan')}
      />
      <Group grow align="flex-start" preventGrowOverflow={false} gap="sm">
        <TextInput
          type="date"
          label="Starts on (optional)"
          description="Left empty: now"
          min={dayOf(Date.now())}
          {...fields.text('startsAt')}
        />
        <TextInput
          type="date"
          label="Ends on"
          description="From 00:00 UTC that day"
          required
          withAsterisk={false}
          {...fields.text('endsAt')}
        />
      </Group>
      <Group grow align="flex-start" preventGrowOverflow={false} gap="sm">
        <TextInput
          type="number"
          inputMode="numeric"
          min={1}
          step={1}
          label="Calls allowed (optional)"
          description="The call over it disables the key"
          {...fields.text('callThreshold')}
        />
        <NativeSelect
          label="In each"
          description="Counted anew with each"
          disabled={threshold === null}
          data={periods.map((period) => ({ value: period, label: periodWords[period] }))}
          {...fields.text('thresholdPeriod')}
        />
      </Group>
    </ConfirmForm>
  );
}

import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProviderSelect, useLikelyProvider } from '../../app/provider-select.tsx';
import { useFields } from '../../components/fields.ts';
import { useMay } from '../../session/viewer.ts';
import {
  newSubscription,
  SubscriptionFields,
  toSubscription,
} from '../organization/subscription/subscription-fields.tsx';
import { Done } from './done.tsx';
import classes from './onboarding.module.css';
import { useAddOrganization } from './use-add-organization.ts';

/** One organization, with its first subscription if that is known. */
export function NewOrganization() {
  const maySubscribe = useMay('subscription:manage');
  const [serviceProviderId, setServiceProviderId] = useState(useLikelyProvider());
  const [isSubscribed, setIsSubscribed] = useState(maySubscribe);
  const fields = useFields({ name: '', externalId: '', serviceProviderId: '', ...newSubscription() });
  const adding = useAddOrganization();
  const { waiting } = adding;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (serviceProviderId === null)
      return fields.refuse([{ code: '', message: 'Choose one.', field: ['serviceProviderId'] }]);
    const { name, externalId } = fields.values;
    const refused = await adding.add(
      { name: name.trim(), externalId: externalId.trim() || null, serviceProviderId },
      isSubscribed ? toSubscription(fields.values) : null,
    );
    if (refused !== null) return fields.refuse(refused);
    fields.reset();
  }

  function leaveUnsubscribed() {
    adding.leaveUnsubscribed();
    fields.reset();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={classes.form} aria-label="New organization">
      <Outcome added={adding.added} waiting={waiting} />
      {waiting === null && (
        <>
          <ProviderSelect
            label="Provider"
            value={serviceProviderId}
            onChange={(id) => {
              setServiceProviderId(id);
              fields.set({ serviceProviderId: '' });
            }}
            error={fields.text('serviceProviderId').error}
          />
          <TextInput label="Name" required withAsterisk={false} maxLength={200} dir="auto" {...fields.text('name')} />
          <TextInput
            label="External id (optional)"
            description="Your own number for it, if it has one"
            {...fields.text('externalId')}
          />
        </>
      )}
      {maySubscribe && (
        <Checkbox
          size="sm"
          label="Apply a subscription at once"
          description="Its key is made when that starts"
          checked={isSubscribed}
          disabled={waiting !== null}
          onChange={({ currentTarget }) => setIsSubscribed(currentTarget.checked)}
        />
      )}
      {isSubscribed && <SubscriptionFields fields={fields} />}
      <Group gap="xs">
        <Button type="submit" loading={adding.isRunning}>
          {waiting === null ? 'Add organization' : 'Apply subscription'}
        </Button>
        {waiting !== null && (
          <Button variant="default" onClick={leaveUnsubscribed}>
            Leave it without
          </Button>
        )}
      </Group>
    </form>
  );
}

/** What became of the last one, or of the one that is still without its subscription. */
function Outcome({ added, waiting }: Pick<ReturnType<typeof useAddOrganization>, 'added' | 'waiting'>) {
  return (
    <>
      {added !== null && (
        <Done to={`/organizations/${added.id}`} link="Open organization">
          Added <bdi>{added.name}</bdi>
          {added.isSubscribed
            ? ' with its subscription.'
            : ', without a subscription: it gets a key with its first one.'}
        </Done>
      )}
      {waiting !== null && (
        <div className={`${classes.done} ${classes.bad}`} role="alert">
          <p>
            <bdi>{waiting.name}</bdi> is added, but its subscription was refused. Mend it below and try again.
          </p>
        </div>
      )}
    </>
  );
}

import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useFields } from '../../components/fields.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { useMay } from '../../session/viewer.ts';
import { Done } from './done.tsx';
import { CreateOrganizationDocument, OnboardSubscriptionDocument } from './onboarding.graphql.ts';
import classes from './onboarding.module.css';
import { ProviderSelect, useLikelyProvider } from './provider-select.tsx';
import { newSubscription, SubscriptionFields, toSubscription } from './subscription-fields.tsx';

interface Added {
  readonly id: string;
  readonly name: string;
  readonly isSubscribed: boolean;
}

/** One organization, with its first subscription if that is known. */
export function NewOrganization() {
  const maySubscribe = useMay('subscription:manage');
  const [serviceProviderId, setServiceProviderId] = useState(useLikelyProvider());
  const [isSubscribed, setIsSubscribed] = useState(maySubscribe);
  const fields = useFields({ name: '', externalId: '', serviceProviderId: '', ...newSubscription() });
  const create = useCommand(CreateOrganizationDocument);
  const apply = useCommand(OnboardSubscriptionDocument);
  const [added, setAdded] = useState<Added | null>(null);
  /** Of an organization that is there by now, but whose subscription was refused. */
  const [waiting, setWaiting] = useState<{ readonly id: string; readonly name: string } | null>(null);

  async function createFirst() {
    if (waiting !== null) return waiting;
    const { name, externalId } = fields.values;
    const result = await create.run({
      name: name.trim(),
      externalId: externalId.trim() || null,
      serviceProviderId: serviceProviderId ?? '',
    });
    if (result.isDone) return result.payload.organization;
    fields.refuse(result.failures);
    return null;
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (serviceProviderId === null)
      return fields.refuse([{ code: '', message: 'Choose one.', field: ['serviceProviderId'] }]);
    const subscription = isSubscribed ? toSubscription(fields.values) : null;
    const organization = await createFirst();
    if (organization === null) return;
    if (subscription !== null) {
      const result = await apply.run({ ...subscription, organizationId: organization.id });
      if (!result.isDone) {
        setWaiting(organization);
        return fields.refuse(result.failures);
      }
    }
    setWaiting(null);
    setAdded({ ...organization, isSubscribed: subscription !== null });
    fields.reset();
  }

  function leaveAsItIs() {
    if (waiting === null) return;
    setAdded({ ...waiting, isSubscribed: false });
    setWaiting(null);
    fields.reset();
  }

  const isRunning = create.isRunning || apply.isRunning;
  return (
    <form onSubmit={(event) => void submit(event)} className={classes.form} aria-label="New organization">
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
        <Button type="submit" loading={isRunning}>
          {waiting === null ? 'Add organization' : 'Apply subscription'}
        </Button>
        {waiting !== null && (
          <Button variant="default" onClick={leaveAsItIs}>
            Leave it without
          </Button>
        )}
      </Group>
    </form>
  );
}

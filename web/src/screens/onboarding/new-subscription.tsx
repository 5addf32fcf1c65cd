import { Button, Group } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useFields } from '../../components/fields.ts';
import type { FoundOrganization } from '../../components/organizations/found-organizations.ts';
import { type ChosenOrganization, OrganizationSelect } from '../../components/organizations/organization-select.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import {
  newSubscription,
  SubscriptionFields,
  toSubscription,
} from '../organization/subscription/subscription-fields.tsx';
import { Done } from './done.tsx';
import { OnboardSubscriptionDocument } from './onboarding.graphql.ts';
import classes from './onboarding.module.css';

function labelOf({ name, serviceProvider, subscription }: FoundOrganization): string {
  return `${name} (${serviceProvider.name}${subscription === null ? '' : `, has ${subscription.plan}`})`;
}

/** A subscription for an organization that is there. */
export function NewSubscription() {
  const [chosen, setChosen] = useState<ChosenOrganization | null>(null);
  const fields = useFields({ organizationId: '', ...newSubscription() });
  const apply = useCommand(OnboardSubscriptionDocument);
  const [done, setDone] = useState<ChosenOrganization | null>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const subscription = toSubscription(fields.values);
    if (chosen === null) return fields.refuse([{ code: '', message: 'Choose one.', field: ['organizationId'] }]);
    if (subscription === null) return;
    const result = await apply.run({ ...subscription, organizationId: chosen.id });
    if (!result.isDone) return fields.refuse(result.failures);
    setDone(chosen);
    setChosen(null);
    fields.reset();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={classes.form} aria-label="New subscription">
      {done !== null && (
        <Done to={`/organizations/${done.id}`} link="Open organization">
          Applied the subscription to <bdi>{done.label}</bdi>.
        </Done>
      )}
      <OrganizationSelect
        value={chosen}
        labelOf={labelOf}
        error={fields.text('organizationId').error}
        onChange={(next) => {
          setChosen(next);
          fields.set({ organizationId: '' });
        }}
      />
      <SubscriptionFields fields={fields} />
      <Group>
        <Button type="submit" loading={apply.isRunning}>
          Apply subscription
        </Button>
      </Group>
    </form>
  );
}

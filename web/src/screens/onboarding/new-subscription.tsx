import { Button, Group, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { useFields } from '../../components/fields.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { Done } from './done.tsx';
import { FindSubscribersDocument, OnboardSubscriptionDocument } from './onboarding.graphql.ts';
import classes from './onboarding.module.css';
import { newSubscription, SubscriptionFields, toSubscription } from './subscription-fields.tsx';

const TYPING_MS = 150;

interface Chosen {
  readonly value: string;
  readonly label: string;
}

/** A subscription for an organization that is there. */
export function NewSubscription() {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const fields = useFields({ organizationId: '', ...newSubscription() });
  const apply = useCommand(OnboardSubscriptionDocument);
  const [done, setDone] = useState<Chosen | null>(null);
  const [{ data }] = useQuery({
    query: FindSubscribersDocument,
    variables: { search },
    pause: search === '' || search === chosen?.label,
  });
  const found = (data?.organizations.nodes ?? []).map(({ id, name, serviceProvider, subscription }) => ({
    value: id,
    label: `${name} (${serviceProvider.name}${subscription === null ? '' : `, has ${subscription.plan}`})`,
  }));
  const choices = chosen === null || found.some(({ value }) => value === chosen.value) ? found : [chosen, ...found];

  async function submit(event: FormEvent) {
    event.preventDefault();
    const subscription = toSubscription(fields.values);
    if (chosen === null) return fields.refuse([{ code: '', message: 'Choose one.', field: ['organizationId'] }]);
    if (subscription === null) return;
    const result = await apply.run({ ...subscription, organizationId: chosen.value });
    if (!result.isDone) return fields.refuse(result.failures);
    setDone(chosen);
    setChosen(null);
    fields.reset();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={classes.form} aria-label="New subscription">
      {done !== null && (
        <Done to={`/organizations/${done.value}`} link="Open organization">
          Applied the subscription to <bdi>{done.label}</bdi>.
        </Done>
      )}
      <Select
        label="Organization"
        placeholder="Type its name or external id"
        searchable
        data={choices}
        filter={({ options }) => options}
        value={chosen?.value ?? null}
        error={fields.text('organizationId').error}
        onSearchChange={setTyped}
        onChange={(id) => {
          setChosen(choices.find(({ value }) => value === id) ?? null);
          fields.set({ organizationId: '' });
        }}
        nothingFoundMessage={search === '' ? 'Type its name' : 'No organization is called that'}
        comboboxProps={{ shadow: 'md' }}
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

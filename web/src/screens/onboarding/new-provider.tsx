import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProviderSelect, useLikelyProvider } from '../../app/provider-select.tsx';
import { TENANT_PARAMETER } from '../../app/tenant.ts';
import { useFields } from '../../components/fields.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { isPlatformStaff, useViewer } from '../../session/viewer.ts';
import { Done } from './done.tsx';
import { CreateServiceProviderDocument } from './onboarding.graphql.ts';
import classes from './onboarding.module.css';

/** A reseller below a provider; the platform may add a provider that stands below none. */
export function NewProvider() {
  const isPlatform = isPlatformStaff(useViewer());
  const [parentId, setParentId] = useState(useLikelyProvider());
  const fields = useFields({ name: '', baseUrl: '', parentId: '' });
  const create = useCommand(CreateServiceProviderDocument);
  const [added, setAdded] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const what = parentId === null && isPlatform ? 'provider' : 'reseller';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const { name, baseUrl } = fields.values;
    const result = await create.run({ name: name.trim(), baseUrl: baseUrl.trim() || null, parentId });
    if (!result.isDone) return fields.refuse(result.failures);
    setAdded(result.payload.serviceProvider);
    fields.reset();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={classes.form} aria-label={`New ${what}`}>
      {added !== null && (
        <Done to={`/organizations?${TENANT_PARAMETER}=${encodeURIComponent(added.id)}`} link="See its organizations">
          Added <bdi>{added.name}</bdi>.
        </Done>
      )}
      <ProviderSelect
        label="Stands below"
        description={isPlatform ? 'Left empty: a provider of its own, below none' : undefined}
        value={parentId}
        onChange={(id) => {
          setParentId(id);
          fields.set({ parentId: '' });
        }}
        error={fields.text('parentId').error}
        isClearable={isPlatform}
      />
      <TextInput label="Name" required withAsterisk={false} maxLength={200} dir="auto" {...fields.text('name')} />
      <TextInput
        type="url"
        label="Base URL (optional)"
        description={`Where the API clients of its organizations connect${parentId === null ? '' : '; left empty: as of the provider above'}`}
        placeholder="https://"
        {...fields.text('baseUrl')}
      />
      <Group>
        <Button type="submit" loading={create.isRunning}>
          Add {what}
        </Button>
      </Group>
    </form>
  );
}

import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProviderSelect, useLikelyProvider } from '../../app/provider-select.tsx';
import { useFields } from '../../components/fields.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { showDone } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { EventChoice } from './event-choice.tsx';
import type { NewSecret } from './new-secret.tsx';
import { OrganizationChoice } from './organization-choice.tsx';
import {
  CreateWebhookEndpointDocument,
  type EndpointFragment,
  UpdateWebhookEndpointDocument,
} from './webhooks.graphql.ts';

interface EndpointDialogProps {
  /** Null: a new one. */
  readonly endpoint: EndpointFragment | null;
  readonly onSecret: (secret: NewSecret) => void;
  readonly onClose: () => void;
}

/** Where to send, what, and of whom. A new one shows its secret once. */
export default function EndpointDialog({ endpoint, onSecret, onClose }: EndpointDialogProps) {
  const likely = useLikelyProvider();
  const create = useCommand(CreateWebhookEndpointDocument);
  const update = useCommand(UpdateWebhookEndpointDocument);
  const fields = useFields({
    name: endpoint?.name ?? '',
    url: endpoint?.url ?? 'https://',
    events: '',
    organizationIds: '',
    serviceProviderId: '',
  });
  const [providerId, setProviderId] = useState(endpoint?.serviceProvider.id ?? likely);
  const [events, setEvents] = useState<readonly string[]>(endpoint?.events ?? []);
  const [organizationIds, setOrganizationIds] = useState(endpoint?.organizationIds ?? null);
  const { name, url } = fields.values;

  async function submit(): Promise<void> {
    const said = { name, url: url.trim(), events, organizationIds };
    if (endpoint !== null) {
      const result = await update.run({ webhookEndpointId: endpoint.id, ...said });
      if (!result.isDone) return fields.refuse(result.failures);
      showDone(`Saved ${name}.`);
      return onClose();
    }
    if (providerId === null) return;
    const result = await create.run({ serviceProviderId: providerId, ...said });
    if (!result.isDone) return fields.refuse(result.failures);
    onSecret({ name, secret: result.payload.secret, overlapHours: null });
  }

  const isIncomplete = providerId === null || events.length === 0 || organizationIds?.length === 0;
  return (
    <FormDialog
      title={endpoint === null ? 'Add a webhook' : `Edit ${endpoint.name}`}
      verb={endpoint === null ? 'Add and show secret' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={isIncomplete}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus dir="auto" {...fields.text('name')} />
      <TextInput
        label="URL"
        description="https, on the public internet. It must answer 2xx; no redirect is followed."
        required
        withAsterisk={false}
        type="url"
        autoComplete="off"
        spellCheck={false}
        {...fields.text('url')}
      />
      {endpoint === null && (
        <ProviderSelect
          label="Provider"
          description="It is told of what happens there and at its resellers."
          value={providerId}
          onChange={(id) => {
            setProviderId(id);
            setOrganizationIds(null);
          }}
          error={fields.text('serviceProviderId').error}
        />
      )}
      <EventChoice
        chosen={events}
        onChange={(next) => {
          setEvents(next);
          fields.set({ events: '' });
        }}
        error={fields.text('events').error}
      />
      <OrganizationChoice
        key={providerId}
        providerId={providerId}
        value={organizationIds}
        onChange={(ids) => {
          setOrganizationIds(ids);
          fields.set({ organizationIds: '' });
        }}
        error={fields.text('organizationIds').error}
      />
    </FormDialog>
  );
}

import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProviderSelect, useLikelyProvider } from '../../app/provider-select.tsx';
import { useFields } from '../../components/fields.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { showDone } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { EventChoice } from '../webhooks/event-choice.tsx';
import { OrganizationChoice } from '../webhooks/organization-choice.tsx';
import {
  CreateMailRecipientDocument,
  type MailDigest,
  type MailRecipientRowFragment,
  UpdateMailRecipientDocument,
} from './mail.graphql.ts';
import { digests } from './mail-rules.ts';

interface RecipientDialogProps {
  /** Null: a new one. */
  readonly recipient: MailRecipientRowFragment | null;
  readonly onClose: () => void;
}

/** Who is told by mail, of what, and how often. */
export default function RecipientDialog({ recipient, onClose }: RecipientDialogProps) {
  const likely = useLikelyProvider();
  const create = useCommand(CreateMailRecipientDocument);
  const update = useCommand(UpdateMailRecipientDocument);
  const fields = useFields({
    address: recipient?.address ?? '',
    digest: '',
    events: '',
    organizationIds: '',
    serviceProviderId: '',
  });
  const [digest, setDigest] = useState<MailDigest>(recipient?.digest ?? 'IMMEDIATE');
  const [providerId, setProviderId] = useState(recipient?.serviceProvider.id ?? likely);
  const [events, setEvents] = useState<readonly string[]>(recipient?.events ?? []);
  const [organizationIds, setOrganizationIds] = useState(recipient?.organizationIds ?? null);
  const { address } = fields.values;

  async function submit(): Promise<void> {
    const said = { address: address.trim(), digest, events, organizationIds };
    if (providerId === null) return;
    const result =
      recipient === null
        ? await create.run({ serviceProviderId: providerId, ...said })
        : await update.run({ mailRecipientId: recipient.id, ...said });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(recipient === null ? `${said.address} is told from now on.` : `Saved ${said.address}.`);
    onClose();
  }

  const isIncomplete = providerId === null || events.length === 0 || organizationIds?.length === 0;
  return (
    <FormDialog
      title={recipient === null ? 'Add a mail recipient' : `Edit ${recipient.address}`}
      verb={recipient === null ? 'Add recipient' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={isIncomplete}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Address"
        description="One mail address, of a person or of a list."
        required
        withAsterisk={false}
        type="email"
        autoComplete="off"
        data-autofocus
        {...fields.text('address')}
      />
      <Radio.Group
        label="How often"
        value={digest}
        onChange={(value) => setDigest(digests.find((each) => each.value === value)?.value ?? digest)}
        error={fields.text('digest').error}
      >
        <Stack gap={8} mt={6}>
          {digests.map((each) => (
            <Radio key={each.value} size="xs" {...each} />
          ))}
        </Stack>
      </Radio.Group>
      {recipient === null && (
        <ProviderSelect
          label="Provider"
          description="Of what happens there and at its resellers."
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

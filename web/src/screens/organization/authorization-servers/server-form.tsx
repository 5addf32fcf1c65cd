import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { type Fields, useFields } from '../../../components/fields.ts';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import {
  CreateAuthorizationServerDocument,
  UpdateAuthorizationServerDocument,
} from './authorization-servers.graphql.ts';
import type { Server } from './server.ts';

interface Settings {
  readonly name: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
}

interface CreateProps {
  readonly organization: { readonly id: string; readonly name: string };
  /** The one that there is already. */
  readonly other: Server | null;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function CreateServerDialog(props: CreateProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Add an OAuth server to ${props.organization.name}`}>
      <CreateForm {...props} />
    </Dialog>
  );
}

function CreateForm({ organization, other, onClose }: CreateProps) {
  const command = useCommand(CreateAuthorizationServerDocument);
  const fields = useFields<Settings>({ name: '', issuer: '', jwksUrl: '', audience: '' });

  async function submit() {
    const result = await command.run({ organizationId: organization.id, ...fields.values });
    if (!result.isDone) return fields.refuse(result.failures);
    onClose();
    showDone(`Added the OAuth server ${fields.values.name.trim()}.`);
  }

  const isSecond = other?.isEnabled === true;
  return (
    <ServerForm
      verb="Add OAuth server"
      fields={fields}
      consequences={[
        'Its keys are read once now, to see that they are there and public.',
        isSecond ? (
          <>
            It comes disabled: <b dir="auto">{other.name}</b> is the enabled one. Enable this one when it is its turn.
          </>
        ) : (
          'It is enabled at once: its access tokens are taken beside the key.'
        ),
      ]}
      isRunning={command.isRunning}
      onConfirm={() => void submit()}
      onClose={onClose}
    />
  );
}

interface EditProps {
  readonly server: Server;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

export function EditServerDialog(props: EditProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Edit the OAuth server ${props.server.name}`}>
      <EditForm {...props} />
    </Dialog>
  );
}

function EditForm({ server, onClose, onMoved }: EditProps) {
  const command = useCommand(UpdateAuthorizationServerDocument);
  const { name, issuer, jwksUrl, audience } = server;
  const fields = useFields<Settings>({ name, issuer, jwksUrl, audience });

  async function submit() {
    const input = { authorizationServerId: server.id, expectedVersion: server.version, ...fields.values };
    const result = await command.run(input);
    if (result.isDone) {
      onClose();
      return showDone(`Changed the OAuth server ${fields.values.name.trim()}.`);
    }
    fields.refuse(result.failures);
    if (result.failures.some(({ code }) => code === 'VERSION_CONFLICT')) {
      onClose();
      onMoved();
    }
  }

  return (
    <ServerForm
      verb="Save changes"
      fields={fields}
      consequences={server.isEnabled ? ['Access tokens that only the old settings take are refused at once.'] : []}
      isRunning={command.isRunning}
      onConfirm={() => void submit()}
      onClose={onClose}
    />
  );
}

interface ServerFormProps {
  readonly verb: string;
  readonly fields: Fields<Settings>;
  readonly consequences: readonly ReactNode[];
  readonly isRunning: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function ServerForm({ fields, ...form }: ServerFormProps) {
  const plain = { required: true, withAsterisk: false, autoComplete: 'off', spellCheck: false } as const;
  return (
    <ConfirmForm {...form} isUndoable>
      <TextInput
        label="Name"
        description="What you call it"
        dir="auto"
        data-autofocus
        {...plain}
        {...fields.text('name')}
      />
      <TextInput
        label="Issuer"
        description="As it stands in iss of its tokens, to the letter"
        placeholder="https://login.example.com"
        inputMode="url"
        {...plain}
        {...fields.text('issuer')}
      />
      <TextInput
        label="URL of its keys (JWKS)"
        description="https, on the public internet"
        placeholder="https://login.example.com/jwks"
        inputMode="url"
        {...plain}
        {...fields.text('jwksUrl')}
      />
      <TextInput
        label="Audience"
        description="What aud of its access tokens must hold"
        placeholder="https://api.example.com"
        {...plain}
        {...fields.text('audience')}
      />
    </ConfirmForm>
  );
}

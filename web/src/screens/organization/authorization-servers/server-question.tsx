import type { ReactNode } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { showFieldFailures } from '../../../graphql/use-action.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import {
  DeleteAuthorizationServerDocument,
  DisableAuthorizationServerDocument,
  EnableAuthorizationServerDocument,
} from './authorization-servers.graphql.ts';
import type { Server } from './server.ts';

export type Verb = 'ENABLE' | 'DISABLE' | 'DELETE';

interface ServerQuestionProps {
  readonly verb: Verb;
  readonly server: Server;
  readonly other: Server | null;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

const words = {
  ENABLE: { title: 'Enable', button: 'Enable server', done: 'Enabled' },
  DISABLE: { title: 'Disable', button: 'Disable server', done: 'Disabled' },
  DELETE: { title: 'Delete', button: 'Delete server', done: 'Deleted' },
} as const;

const refused = 'Calls with its access tokens are refused at once, also with those it has issued already.';

function consequencesOf(verb: Verb, server: Server, other: Server | null): readonly ReactNode[] {
  switch (verb) {
    case 'ENABLE':
      return [
        'Its access tokens are taken instead of the key from then on.',
        ...(other?.isEnabled === true
          ? [
              <>
                <b dir="auto">{other.name}</b> is disabled in the same moment: its tokens are refused from then on.
              </>,
            ]
          : []),
      ];
    case 'DISABLE':
      return [refused, 'The key stays as it is, and works.'];
    case 'DELETE':
      return [...(server.isEnabled ? [refused] : []), 'Its settings are gone: to have it back it must be added anew.'];
  }
}

/** Whether to enable, disable or delete it. */
export function ServerQuestion({ verb, server, other, opened, onClose, onMoved }: ServerQuestionProps) {
  const enable = useCommand(EnableAuthorizationServerDocument);
  const disable = useCommand(DisableAuthorizationServerDocument);
  const remove = useCommand(DeleteAuthorizationServerDocument);
  const command = { ENABLE: enable, DISABLE: disable, DELETE: remove }[verb];
  const { title, button, done } = words[verb];

  async function confirm() {
    const result = await command.run({ authorizationServerId: server.id, expectedVersion: server.version });
    onClose();
    if (result.isDone) return showDone(`${done} the OAuth server ${server.name}.`);
    showFieldFailures(result.failures);
    onMoved();
  }

  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`${title} the OAuth server ${server.name}`}
      verb={button}
      consequences={consequencesOf(verb, server, other)}
      isUndoable={verb !== 'DELETE'}
      isHarmful={verb !== 'ENABLE'}
      isRunning={command.isRunning}
      onConfirm={() => void confirm()}
    />
  );
}

import { CirclePlay, CircleSlash, KeyRound, Pencil, RotateCcw, Send, Trash2 } from 'lucide-react';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { useAction } from '../../graphql/use-action.ts';
import type { EndpointQuestion } from './endpoint-dialogs.tsx';
import { whyNotSend } from './endpoint-rules.ts';
import {
  type EndpointFragment,
  TestWebhookEndpointDocument,
  UpdateWebhookEndpointDocument,
} from './webhooks.graphql.ts';

/** What can be done with an endpoint: the same in the list and on its page. */
export function useEndpointActions(ask: (what: EndpointQuestion, endpoint: EndpointFragment) => void) {
  const test = useAction(TestWebhookEndpointDocument);
  const update = useAction(UpdateWebhookEndpointDocument);
  return (endpoint: EndpointFragment): readonly RowAction[] => {
    const { id, name, isEnabled } = endpoint;
    const whyNot = whyNotSend(endpoint);
    const sent = `A test event goes to ${name}: see how it is answered.`;
    const enabled = `Enabled ${name}. What waited goes out now.`;
    return [
      {
        label: 'Send test event',
        icon: Send,
        onChoose: () => void test.run({ webhookEndpointId: id }, sent),
        whyNot,
      },
      { label: 'Send again', icon: RotateCcw, onChoose: () => ask('REPLAY', endpoint), whyNot },
      { label: 'Edit', icon: Pencil, onChoose: () => ask('EDIT', endpoint) },
      { label: 'Rotate secret', icon: KeyRound, onChoose: () => ask('ROTATE', endpoint) },
      isEnabled
        ? { label: 'Disable', icon: CircleSlash, onChoose: () => ask('DISABLE', endpoint) }
        : {
            label: 'Enable',
            icon: CirclePlay,
            onChoose: () => void update.run({ webhookEndpointId: id, isEnabled: true }, enabled),
          },
      { label: 'Delete', icon: Trash2, isDangerous: true, onChoose: () => ask('DELETE', endpoint) },
    ];
  };
}

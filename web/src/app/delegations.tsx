import { Menu } from '@mantine/core';
import { Handshake, House } from 'lucide-react';
import { useQuery } from 'urql';
import { delegation } from '../session/delegation.ts';
import { useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { LentToMeDocument } from './tenant.graphql.ts';

/** Other providers' organizations that were lent to this viewer's provider. */
export function Delegations() {
  const viewer = useViewer();
  const active = useStore(delegation);
  const pause = viewer.serviceProvider === null || viewer.organization !== null || active !== null;
  const [{ data }] = useQuery({ query: LentToMeDocument, pause, requestPolicy: 'cache-first' });
  const lent = data?.delegations.nodes ?? [];
  if (active !== null) {
    return (
      <>
        <Menu.Divider />
        <Menu.Item leftSection={<House size={15} />} onClick={() => act(null)}>
          Stop acting for {active.serviceProviderName}
        </Menu.Item>
      </>
    );
  }
  if (lent.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Act on behalf of</Menu.Label>
      {lent.map(({ id, serviceProviderName }) => (
        <Menu.Item key={id} leftSection={<Handshake size={15} />} onClick={() => act({ id, serviceProviderName })}>
          {serviceProviderName}
        </Menu.Item>
      ))}
    </>
  );
}

function act(under: { readonly id: string; readonly serviceProviderName: string } | null): void {
  delegation.set(under);
}

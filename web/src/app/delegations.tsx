import { Menu } from '@mantine/core';
import { Handshake, House } from 'lucide-react';
import { useFreshQuery } from '../graphql/use-fresh-query.ts';
import { useWholeList } from '../graphql/use-whole-list.ts';
import { type ActingUnder, delegation } from '../session/delegation.ts';
import { useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import classes from './shell.module.css';
import { LentToMeDocument } from './tenant.graphql.ts';

/** Other providers' organizations that were lent to this viewer's provider. */
export function Delegations() {
  const { serviceProvider, organization } = useViewer();
  const active = useStore(delegation);
  if (active !== null) return <StopActing active={active} />;
  return serviceProvider === null || organization !== null ? null : <LentToMe />;
}

function StopActing({ active }: { readonly active: ActingUnder }) {
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={<House size={15} />} onClick={() => delegation.set(null)}>
        Stop acting for {active.serviceProviderName}
      </Menu.Item>
    </>
  );
}

function LentToMe() {
  const question = { query: LentToMeDocument, variables: {} };
  const response = useFreshQuery(question);
  const lent = useWholeList({
    ...question,
    response,
    restPolicy: 'network-only',
    connectionOf: (data) => data.delegations,
  });
  if (lent.rows.length === 0 && lent.failure === null) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Act on behalf of</Menu.Label>
      <div className={classes.lent}>
        {lent.rows.map(({ id, serviceProviderName }) => (
          <Menu.Item
            key={id}
            leftSection={<Handshake size={15} />}
            onClick={() => delegation.set({ id, serviceProviderName })}
          >
            {serviceProviderName}
          </Menu.Item>
        ))}
      </div>
      {lent.failure !== null && <Menu.Label>Not all could be looked up now.</Menu.Label>}
    </>
  );
}

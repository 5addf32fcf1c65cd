import { Button } from '@mantine/core';
import { Plus, ShieldCheck } from 'lucide-react';
import { useId, useState } from 'react';
import type { OrganizationTabProps } from '../../../app/screen.ts';
import { EmptyState, ErrorState, PageSkeleton } from '../../../components/states.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { useMay, useViewer } from '../../../session/viewer.ts';
import { AuthorizationServersDocument } from './authorization-servers.graphql.ts';
import classes from './authorization-servers.module.css';
import { ServerCard } from './server-card.tsx';
import { CreateServerDialog } from './server-form.tsx';

const MOST_SERVERS = 2;

/** Whose access tokens are taken instead of the organization's key. */
export default function AuthorizationServersTab({ organizationId }: OrganizationTabProps) {
  const viewer = useViewer();
  const mayManage = useMay('apiKey:manage');
  const mayAdd = mayManage && viewer.onBehalfOf === null; // what would outlast a delegation is not done under it
  const [isAdding, setIsAdding] = useState(false);
  const [{ data, error }, ask] = useFreshQuery({
    query: AuthorizationServersDocument,
    variables: { id: organizationId },
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  const organization = data?.organization;
  if (error !== undefined && data === undefined) return <ErrorState failure={failureOf(error)} onRetry={again} />;
  if (organization === undefined) return <PageSkeleton />;
  if (organization === null) return null;
  const { authorizationServers: servers } = organization;
  const add = (
    <AddButton
      isFull={servers.length >= MOST_SERVERS}
      onClick={() => setIsAdding(true)}
      isFirst={servers.length === 0}
    />
  );
  return (
    <div className={servers.length === 0 ? undefined : classes.page}>
      {servers.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No OAuth server yet" action={mayAdd && add}>
          Calls can carry an access token of the organization’s own OAuth 2.0 authorization server instead of its key.
        </EmptyState>
      ) : (
        <>
          <div className={classes.bar}>
            <p>
              Access tokens of the enabled server are taken instead of the key. They name the organization in their
              scope, as <code>{organization.externalId ?? organization.id}::role</code>.
            </p>
            {mayAdd && add}
          </div>
          {servers.map((server) => (
            <ServerCard
              key={server.id}
              server={server}
              other={servers.find(({ id }) => id !== server.id) ?? null}
              mayManage={mayManage}
              mayAdd={mayAdd}
              onMoved={again}
            />
          ))}
        </>
      )}
      <CreateServerDialog
        organization={organization}
        other={servers[0] ?? null}
        opened={isAdding}
        onClose={() => setIsAdding(false)}
      />
    </div>
  );
}

interface AddButtonProps {
  readonly isFull: boolean;
  readonly isFirst: boolean;
  readonly onClick: () => void;
}

/** Disabled so that it can still be reached, and says why. */
function AddButton({ isFull, isFirst, onClick }: AddButtonProps) {
  const reasonId = useId();
  return (
    <div className={classes.add}>
      <Button
        size="xs"
        variant={isFirst ? 'filled' : 'default'}
        leftSection={<Plus size={14} aria-hidden />}
        data-disabled={isFull || undefined}
        aria-disabled={isFull || undefined}
        aria-describedby={isFull ? reasonId : undefined}
        onClick={isFull ? undefined : onClick}
      >
        Add OAuth server
      </Button>
      {isFull && <small id={reasonId}>There are two, the most there can be. Delete one first.</small>}
    </div>
  );
}

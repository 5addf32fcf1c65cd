import { ActionIcon, Button, Skeleton, Text, Title } from '@mantine/core';
import { SearchX, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { useCloseOnEscape } from '../../components/close-on-escape.ts';
import { DateOnly, useNow } from '../../components/relative-time.tsx';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import { statusOfSubscription } from '../../components/status.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { OrganizationPanelDocument, type OrganizationPanelQuery } from './organizations.graphql.ts';
import classes from './organizations-page.module.css';

const KeyPanel = lazy(() => import('../organization/key/key-panel.tsx'));

/** One organization beside the list, so that the list is not lost. */
export function OrganizationPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [{ data, error }, ask] = useFreshQuery({ query: OrganizationPanelDocument, variables: { id } });
  useCloseOnEscape(onClose);
  const organization = data?.organization;
  return (
    <aside className={classes.panel} aria-label={organization?.name ?? 'Organization'}>
      {error !== undefined && data === undefined && (
        <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {organization === null && (
        <EmptyState
          icon={SearchX}
          title="It is not here"
          action={
            <Button size="xs" variant="default" onClick={onClose}>
              Close
            </Button>
          }
        >
          The organization is gone, or out of your sight.
        </EmptyState>
      )}
      {organization === undefined && error === undefined && <Skeleton height={120} m="md" width="auto" />}
      {organization !== undefined && organization !== null && <Details organization={organization} onClose={onClose} />}
    </aside>
  );
}

type Organization = NonNullable<OrganizationPanelQuery['organization']>;

function Details({ organization, onClose }: { readonly organization: Organization; readonly onClose: () => void }) {
  const now = useNow();
  const { name, externalId, serviceProvider, subscription } = organization;
  return (
    <>
      <div className={classes.panelHead}>
        <div>
          <Title order={2} size="h4" dir="auto" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <Text size="sm" c="var(--kw-ink-2)" dir="auto">
            {serviceProvider.name}
          </Text>
        </div>
        <ActionIcon color="gray" aria-label="Close the panel" onClick={onClose}>
          <X size={16} />
        </ActionIcon>
      </div>
      <Suspense fallback={<Skeleton height={160} m="md" width="auto" />}>
        <KeyPanel organizationId={organization.id} />
      </Suspense>
      <dl className={classes.facts}>
        <dt>Subscription</dt>
        <dd>
          {subscription === null ? (
            'None yet'
          ) : (
            <>
              <StatusBadge status={statusOfSubscription(subscription, now)} /> {subscription.plan}, until{' '}
              <DateOnly at={subscription.endsAt} />
            </>
          )}
        </dd>
        <dt>External id</dt>
        <dd>{externalId ?? '–'}</dd>
      </dl>
      <div className={classes.panelFoot}>
        <Button component={Link} to={`/organizations/${organization.id}`} size="xs">
          Open organization
        </Button>
      </div>
    </>
  );
}

import { Text, Title } from '@mantine/core';
import { SearchX } from 'lucide-react';
import { lazy } from 'react';
import { useParams } from 'react-router';
import { type Crumb, useCrumbs } from '../../app/crumbs.tsx';
import { PageTabs } from '../../app/page-tabs.tsx';
import { organizationTabs } from '../../app/registry.ts';
import { TENANT_PARAMETER } from '../../app/tenant.ts';
import { KeyBadge } from '../../components/key-badge.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { DateOnly, useNow } from '../../components/relative-time.tsx';
import { EmptyState, ErrorState, PageSkeleton } from '../../components/states.tsx';
import { statusOfSubscription } from '../../components/status.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useViewer } from '../../session/viewer.ts';
import { OrganizationHeadDocument, type OrganizationHeadQuery } from './organization.graphql.ts';
import classes from './organization-page.module.css';

const tabs = organizationTabs.map((tab) => ({ ...tab, Content: lazy(tab.load) }));

type Organization = NonNullable<OrganizationHeadQuery['organization']>;

/** One organization: what stays in sight, and a tab for each side of it. */
export default function OrganizationPage() {
  const { organizationId = '', '*': rest = '' } = useParams();
  const { permissions } = useViewer();
  const [{ data, error }, ask] = useFreshQuery({ query: OrganizationHeadDocument, variables: { id: organizationId } });
  const organization = data?.organization;
  const offered = tabs.filter(({ permission }) => permission === undefined || permissions.includes(permission));
  const tab = offered.find(({ path }) => path === rest.split('/')[0]) ?? offered[0];
  usePageTitle(organization?.name, tab?.label);
  useCrumbs(organization === undefined || organization === null ? [] : pathTo(organization));

  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (organization === null) {
    return (
      <EmptyState icon={SearchX} title="There is no such organization">
        The address may be mistyped, or the organization is gone or out of your sight.
      </EmptyState>
    );
  }
  if (organization === undefined) return <PageSkeleton />;
  return (
    <>
      <Head organization={organization} />
      <PageTabs
        label="About this organization"
        at={`/organizations/${organizationId}`}
        tabs={offered.map(({ path, label, Content }) => ({
          path,
          label,
          content: <Content key={organizationId} organizationId={organizationId} />,
        }))}
        shown={tab?.path}
        classNames={{ panel: classes.panel }}
      />
    </>
  );
}

function pathTo({ name, serviceProvider: { id, name: provider, parent } }: Organization): readonly Crumb[] {
  const listOf = (providerId: string) => `/organizations?${TENANT_PARAMETER}=${encodeURIComponent(providerId)}`;
  return [
    ...(parent === null ? [] : [{ label: parent.name, to: listOf(parent.id) }]),
    { label: provider, to: listOf(id) },
    { label: name },
  ];
}

function Head({ organization }: { readonly organization: Organization }) {
  const now = useNow();
  const { name, serviceProvider, externalId, subscription, apiKey } = organization;
  return (
    <header className={classes.head}>
      <div className={classes.names}>
        <Title order={1} size="h3" dir="auto" className={classes.name}>
          {name}
        </Title>
        <KeyBadge apiKey={apiKey} />
      </div>
      <Text size="sm" c="var(--kw-ink-2)" component="div" className={classes.facts}>
        <span dir="auto">{serviceProvider.name}</span>
        {externalId !== null && <span>{externalId}</span>}
        {subscription === null ? (
          <span>No subscription yet</span>
        ) : (
          <>
            <span>{subscription.plan}</span>
            <span>
              {subscription.status === 'EXPIRED' ? 'ended' : 'until'} <DateOnly at={subscription.endsAt} />
            </span>
            {subscription.status !== 'EXPIRED' && <StatusBadge status={statusOfSubscription(subscription, now)} />}
          </>
        )}
      </Text>
    </header>
  );
}

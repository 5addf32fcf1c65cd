import { Button, Skeleton, Text } from '@mantine/core';
import { Building2, CircleCheck } from 'lucide-react';
import { Link } from 'react-router';
import { TENANT_PARAMETER, useTenantId, useTenantList } from '../../../app/tenant.ts';
import { MoreOf } from '../../../components/more-of.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { EmptyState, ErrorState, PartialFailure } from '../../../components/states.tsx';
import { plural, wholeNumber } from '../../../components/time.ts';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { useMay, useViewer } from '../../../session/viewer.ts';
import classes from '../sync.module.css';
import { SyncHead } from '../sync-head.tsx';
import { DriftDocument, type DriftQuery, SharingGroupsDocument, type SharingGroupsQuery } from './drift.graphql.ts';

const MOST_PROVIDERS = 20;

/** Who shares a string, and who should but holds another. */
export default function DriftPage() {
  usePageTitle('Drift', 'Sync');
  const tenantId = useTenantId();
  const viewer = useViewer();
  const list = useTenantList();
  const tenants = list.rows;
  const home = tenantId ?? viewer.serviceProvider?.id ?? null;
  const roots = tenants.filter(({ parent }) => parent === null);
  const providers =
    home === null
      ? roots.slice(0, MOST_PROVIDERS)
      : [{ id: home, name: tenants.find(({ id }) => id === home)?.name ?? viewer.serviceProvider?.name ?? '' }];
  return (
    <div className={classes.page}>
      <SyncHead />
      <div className={classes.body}>
        {home === null && list.isLoading && <Skeleton height={180} radius={8} aria-busy="true" />}
        {home === null && list.failure !== null && <PartialFailure failure={list.failure} onRetry={list.retry} />}
        {providers.length < roots.length && home === null && (
          <Text size="sm" c="var(--kw-ink-2)">
            The first {providers.length} of {wholeNumber(roots.length)} providers: choose another in the breadcrumb.
          </Text>
        )}
        {providers.length === 0 && !list.isLoading && list.failure === null && (
          <EmptyState icon={Building2} title="No providers yet">
            For each provider it is told here which organizations hold another key than the rest.
          </EmptyState>
        )}
        {providers.map(({ id, name }) => (
          <ProviderDrift key={id} id={id} name={name} />
        ))}
      </div>
    </div>
  );
}

type Drift = NonNullable<DriftQuery['apiKeyDrift']>;
type Named = readonly { readonly name: string }[];

function ProviderDrift({ id, name }: { readonly id: string; readonly name: string }) {
  const [{ data, error }, ask] = useFreshQuery({ query: DriftDocument, variables: { serviceProviderId: id } });
  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (data === undefined) return <Skeleton height={180} radius={8} aria-busy="true" />;
  if (data.apiKeyDrift === null) {
    return (
      <EmptyState icon={Building2} title="There is no such provider">
        It is gone, or out of your sight. Choose another in the breadcrumb.
      </EmptyState>
    );
  }
  return (
    <section className={classes.card} aria-label={name}>
      <h2 className={classes.cardTitle} dir="auto">
        {name}
      </h2>
      <DriftFacts providerId={id} drift={data.apiKeyDrift} />
      <SharingGroups providerId={id} />
    </section>
  );
}

function addressOf(path: string, params: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(params)}`;
}

function DriftFacts({ providerId, drift }: { readonly providerId: string; readonly drift: Drift }) {
  const maySync = useMay('apiKey:sync');
  const { largestGroup, driftedCount, emptyCount, organizations } = drift;
  if (largestGroup === null) {
    return (
      <Text size="sm" c="var(--kw-ink-2)">
        No two organizations share a key here: each has one of its own, and nothing can drift.
      </Text>
    );
  }
  const holder = largestGroup.organizations.nodes[0];
  const drifted = { [TENANT_PARAMETER]: providerId, fingerprintNot: largestGroup.fingerprint };
  return (
    <>
      <dl className={classes.tiles}>
        <div className={classes.tile} data-tone="green">
          <dt>Share the most common key</dt>
          <dd>{wholeNumber(largestGroup.organizationCount)}</dd>
        </div>
        <div className={classes.tile} data-tone={driftedCount > 0 ? 'red' : undefined}>
          <dt>Hold another key</dt>
          <dd>{wholeNumber(driftedCount)}</dd>
        </div>
        <div className={classes.tile}>
          <dt>Hold none</dt>
          <dd>{wholeNumber(emptyCount)}</dd>
        </div>
      </dl>
      {driftedCount === 0 ? (
        <Text size="sm" c="var(--kw-ink-2)">
          <CircleCheck size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> Every organization with a key holds
          the same one.
        </Text>
      ) : (
        <>
          <Text size="sm" c="var(--kw-ink-2)">
            On another key: <Names of={organizations.nodes} count={driftedCount} />
          </Text>
          <div className={classes.chips}>
            {maySync && holder !== undefined && (
              <Button component={Link} to={addressOf('/sync/new', { ...drifted, from: holder.id })} size="xs">
                Bring {plural(driftedCount, 'organization')} in line
              </Button>
            )}
            <Button component={Link} to={addressOf('/organizations', drifted)} size="xs" variant="default">
              See them
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** The first, and how many more there are. */
function Names({ of, count }: { readonly of: Named; readonly count: number }) {
  const more = count - of.length;
  return (
    <>
      {of.map(({ name }, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <bdi>{name}</bdi>
        </span>
      ))}
      {more > 0 && ` and ${wholeNumber(more)} more`}
    </>
  );
}

type Sharing = SharingGroupsQuery['apiKeyGroups']['nodes'][number];

function SharingGroups({ providerId }: { readonly providerId: string }) {
  const pages = usePages(SharingGroupsDocument, { serviceProviderId: providerId }, (data) => data.apiKeyGroups);
  if (pages.rows.length === 0) return <MoreOf pages={pages} />;
  return (
    <div>
      <h3 className={classes.cardSubtitle}>Who shares a key</h3>
      <ul className={classes.refusals} aria-label="Who shares a key" style={{ maxHeight: 'none' }}>
        {pages.rows.map((group) => (
          <SharingRow key={group.fingerprint} group={group} providerId={providerId} />
        ))}
      </ul>
      <MoreOf pages={pages} />
    </div>
  );
}

function SharingRow({ group, providerId }: { readonly group: Sharing; readonly providerId: string }) {
  const maySync = useMay('apiKey:sync');
  const { fingerprint, organizationCount, organizations } = group;
  const holder = organizations.nodes[0];
  const shared = { [TENANT_PARAMETER]: providerId, fingerprint };
  return (
    <li>
      <div className={classes.refusalHead}>
        <span className={classes.name}>{plural(organizationCount, 'organization')}</span>
        <span className={classes.chips} style={{ flexWrap: 'nowrap' }}>
          <Button component={Link} to={addressOf('/organizations', shared)} size="compact-xs" variant="subtle">
            See them
          </Button>
          {maySync && holder !== undefined && (
            <Button
              component={Link}
              to={addressOf('/sync/new', { [TENANT_PARAMETER]: providerId, from: holder.id })}
              size="compact-xs"
              variant="subtle"
            >
              Give it to others
            </Button>
          )}
        </span>
      </div>
      <span style={{ color: 'var(--kw-ink-2)' }}>
        <Names of={organizations.nodes} count={organizationCount} />
      </span>
    </li>
  );
}

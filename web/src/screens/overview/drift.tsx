import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { TENANT_PARAMETER, useTenantId } from '../../app/tenant.ts';
import { plural } from '../../components/time.ts';
import { failureOf } from '../../graphql/failure.ts';
import { FLEET_AT_MOST_EVERY_MS, useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useViewer } from '../../session/viewer.ts';
import { type Bar, Bars, Card } from './bars.tsx';
import { useLinkToTable } from './links.ts';
import { OverviewDriftDocument } from './overview.graphql.ts';
import classes from './overview-page.module.css';

/** Enough to tell two apart. */
const SHOWN_OF_FINGERPRINT = 8;

/** Who is not on the string of the rest. */
export function Drift({ isWide }: { readonly isWide: boolean }) {
  const own = useViewer().serviceProvider?.id ?? null;
  const serviceProviderId = useTenantId() ?? own;
  return (
    <Card
      title="Drift between groups"
      isWide={isWide}
      more={
        serviceProviderId !== null && (
          <Link to={`/sync/drift?${TENANT_PARAMETER}=${encodeURIComponent(serviceProviderId)}`}>See all groups</Link>
        )
      }
    >
      {serviceProviderId === null ? (
        <p className={classes.lead}>
          Each provider has strings of its own. Choose one at the top to see who of it is not on the string of the rest.
        </p>
      ) : (
        <DriftOf serviceProviderId={serviceProviderId} />
      )}
    </Card>
  );
}

function DriftOf({ serviceProviderId }: { readonly serviceProviderId: string }) {
  const linkTo = useLinkToTable();
  const [{ data, error }] = useFreshQuery(
    { query: OverviewDriftDocument, variables: { serviceProviderId } },
    FLEET_AT_MOST_EVERY_MS,
  );
  if (data === undefined) {
    if (error !== undefined) return <p className={classes.lead}>{failureOf(error).message}</p>;
    return <Skeleton height={96} />;
  }
  const drift = data.apiKeyDrift;
  if (drift === null || drift.largestGroup === null) {
    return <p className={classes.lead}>No two organizations share a string, so nothing can drift.</p>;
  }
  const { largestGroup, driftedCount, emptyCount } = drift;
  const { fingerprint, organizationCount } = largestGroup;
  const within = { [TENANT_PARAMETER]: serviceProviderId };
  const total = organizationCount + driftedCount;
  const bars = [
    {
      label: 'On the shared string',
      tone: 'green',
      count: organizationCount,
      to: linkTo({ ...within, fingerprint }),
    },
    {
      label: 'On another string',
      tone: 'amber',
      count: driftedCount,
      to: linkTo({ ...within, fingerprintNot: fingerprint }),
    },
  ] as const;
  const groups: readonly Bar[] = data.apiKeyGroups.nodes.map((group) => ({
    label: `String ${group.fingerprint.slice(0, SHOWN_OF_FINGERPRINT)}…`,
    tone: group.fingerprint === fingerprint ? 'green' : 'amber',
    count: group.organizationCount,
    to: linkTo({ ...within, fingerprint: group.fingerprint }),
  }));
  return (
    <>
      <p className={classes.lead}>
        {driftedCount === 0
          ? `All ${plural(organizationCount, 'organization')} with a key hold the same string.`
          : `The largest group that shares a string has ${plural(organizationCount, 'organization')}.`}
        {emptyCount > 0 &&
          ` ${plural(emptyCount, 'organization')} without a key ${emptyCount === 1 ? 'is' : 'are'} left out.`}
      </p>
      <Bars label="Drift" bars={bars} of={total} />
      {groups.length > 1 && (
        <>
          <h3 className={classes.subhead}>Largest groups</h3>
          <Bars label="Largest groups" bars={groups} of={total} />
        </>
      )}
    </>
  );
}

import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageParts, PartCount } from '../../app/page-parts.tsx';
import { TENANT_PARAMETER, useTenantId, useTenantSearch } from '../../app/tenant.ts';
import { Help } from '../../components/help.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { PartialFailure } from '../../components/states.tsx';
import { wholeNumber } from '../../components/time.ts';
import { failureOf } from '../../graphql/failure.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useViewer } from '../../session/viewer.ts';
import { mayPlan } from './may-plan.ts';
import { PlannedCountDocument, RotationCountsDocument } from './rotation.graphql.ts';
import classes from './rotation.module.css';

const points = [
  'A key is due at its maximum age, but never before it could be told of: after a policy is added or changed, its shortest lead time passes first.',
  'Of several policies for a key the nearest holds: that of the organization, of a saved group, then of the nearest provider. Of two as near, the one with the lower age.',
  'Rotation by itself happens in the window alone. What it does not hold goes on in the next one; ended subscriptions and disabled keys are left out.',
  'The old key stops at once, unless the provider allows an overlap and the rotation asks for it. Disabling and deleting end both at once.',
  'A planned rotation is decided for each organization when its time comes. Until then it can be cancelled.',
];

/** What the parts of Rotation have in common: how many keys are due, and what can be begun. */
export function RotationHead({ children }: { readonly children?: ReactNode }) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const search = useTenantSearch();
  const [{ data: planned }] = useFreshQuery({
    query: PlannedCountDocument,
    variables: { serviceProviderId: tenantId },
  });
  const parts = [
    { path: '/rotation', label: 'Policies' },
    {
      path: '/rotation/planned',
      label: 'Planned',
      count: <PartCount count={planned?.bulkOperations.totalCount ?? 0} />,
    },
  ];
  return (
    <>
      <PageHead title="Rotation" help={<Help title="How rotation works" points={points} />}>
        {children}
        {mayPlan(viewer) && (
          <Button
            component={Link}
            to={{ pathname: '/rotation/plan', search }}
            size="xs"
            leftSection={<Plus size={14} aria-hidden />}
          >
            Plan a rotation
          </Button>
        )}
      </PageHead>
      <DueTiles tenantId={tenantId} />
      <PageParts label="Parts of Rotation" parts={parts} />
    </>
  );
}

const tiles = [
  { state: 'OVERDUE', name: 'overdue', label: 'Overdue', hint: 'A window has gone by', tone: 'amber' },
  { state: 'DUE', name: 'due', label: 'Due', hint: 'To be rotated in the next window', tone: 'blue' },
  { state: 'UPCOMING', name: 'ahead', label: 'Ahead', hint: 'Due within the longest lead time', tone: undefined },
] as const;

/** Keys by how far they are on their way; each figure is a link to them. */
function DueTiles({ tenantId }: { readonly tenantId: string | null }) {
  const variables = { serviceProviderId: tenantId };
  const [{ data, error }, ask] = useFreshQuery({ query: RotationCountsDocument, variables });
  if (data === undefined && error !== undefined) {
    return <PartialFailure failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  return (
    <ul className={classes.tiles} aria-label="Keys to be rotated" aria-busy={data === undefined || undefined}>
      {tiles.map(({ state, name, label, hint, tone }) => {
        const count = data?.[name].totalCount ?? null;
        const search = new URLSearchParams({ rotation: state, ...(tenantId && { [TENANT_PARAMETER]: tenantId }) });
        return (
          <li key={state}>
            <Link
              to={`/organizations?${search}`}
              className={classes.tile}
              data-tone={count === null || count === 0 ? undefined : tone}
            >
              <span>{label}</span>
              <b>{count === null ? '–' : wholeNumber(count)}</b>
              <small>{hint}</small>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

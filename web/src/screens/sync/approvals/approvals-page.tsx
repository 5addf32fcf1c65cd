import { Button, Skeleton } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { Link } from 'react-router';
import { useTenantId, useTenantSearch } from '../../../app/tenant.ts';
import { MoreOf } from '../../../components/more-of.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { EmptyState, ErrorState } from '../../../components/states.tsx';
import { useLookAgain } from '../../../graphql/use-look-again.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { DecideButtons } from '../decide-buttons.tsx';
import { OperationFacts } from '../operation-facts.tsx';
import { OutcomeTiles } from '../operation-parts.tsx';
import { titleOf } from '../operation-words.ts';
import { Refusals } from '../refusals.tsx';
import { AwaitingPageDocument, type OperationFragment } from '../sync.graphql.ts';
import classes from '../sync.module.css';
import { SyncHead } from '../sync-head.tsx';

/** That a dry run has come is no event of its own. */
const LOOK_AGAIN_MS = 2_000;

/** What somebody else has started and the viewer has to decide. */
export default function ApprovalsPage() {
  usePageTitle('Approvals', 'Sync');
  const serviceProviderId = useTenantId();
  const pages = usePages(AwaitingPageDocument, { serviceProviderId }, (data) => data.bulkOperations);
  const isOneLookedInto = pages.rows.some(({ approval }) => approval?.dryRunStatus === null);
  useLookAgain(isOneLookedInto ? LOOK_AGAIN_MS : null);
  return (
    <div className={classes.page}>
      <SyncHead />
      {pages.failure !== null && pages.rows.length === 0 && (
        <ErrorState failure={pages.failure} onRetry={pages.retry} />
      )}
      {pages.isLoading && (
        <div className={classes.body} aria-busy="true">
          <Skeleton height={220} radius={8} />
        </div>
      )}
      {!pages.isLoading && pages.failure === null && pages.rows.length === 0 && (
        <EmptyState icon={CircleCheck} title="Nothing waits for you">
          An operation over more organizations than a provider lets one person change waits here, until a second person
          has decided. Your own wait for somebody else.
        </EmptyState>
      )}
      {pages.rows.length > 0 && (
        <div className={classes.body}>
          {pages.rows.map((operation) => (
            <Waiting key={operation.id} operation={operation} />
          ))}
          <MoreOf pages={pages} />
        </div>
      )}
    </div>
  );
}

function Waiting({ operation }: { readonly operation: OperationFragment }) {
  const search = useTenantSearch();
  const title = titleOf(operation);
  return (
    <article className={classes.card} aria-label={title}>
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>{title}</h2>
        <div className={classes.chips}>
          <DecideButtons operation={operation} />
        </div>
      </div>
      <OperationFacts operation={operation} />
      <OutcomeTiles operation={operation} />
      {operation.refused > 0 && <Refusals operationId={operation.id} />}
      <div>
        <Button component={Link} to={`/sync/operations/${operation.id}${search}`} size="compact-xs" variant="subtle">
          See every organization
        </Button>
      </div>
    </article>
  );
}

import { Button, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ListChecks, SearchX } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { useTenantSearch } from '../../../app/tenant.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { EmptyState, ErrorState, PageSkeleton } from '../../../components/states.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { useViewer } from '../../../session/viewer.ts';
import { DecideButtons } from '../decide-buttons.tsx';
import { OperationFacts } from '../operation-facts.tsx';
import { endInWords, Notice, OperationProgress, OutcomeTiles, PlannedNotice } from '../operation-parts.tsx';
import { isAwaitingApproval, isFinished, isPlanned, kinds, statusOfOperation, titleOf } from '../operation-words.ts';
import { Refusals } from '../refusals.tsx';
import type { OperationFragment } from '../sync.graphql.ts';
import classes from '../sync.module.css';
import { useOperation } from '../use-operation.ts';
import { WayBack } from '../way-back.tsx';
import { CancelButton } from './cancel-button.tsx';
import { ReportButton } from './report-button.tsx';
import { Results } from './results.tsx';

/** One operation: how far it is, how it ended for each organization, and who has to agree. */
export default function OperationPage() {
  const { operationId = '' } = useParams();
  const search = useTenantSearch();
  const { operation, failure, retry } = useOperation(operationId);
  usePageTitle(operation == null ? undefined : titleOf(operation), 'Sync');
  if (failure !== null) return <ErrorState failure={failure} onRetry={retry} />;
  if (operation === undefined) return <PageSkeleton />;
  if (operation === null) {
    const action = (
      <Button component={Link} to={`/sync${search}`} size="xs" variant="default">
        See all operations
      </Button>
    );
    return (
      <EmptyState icon={SearchX} title="There is no such operation" action={action}>
        The address may be mistyped, or the operation is out of your sight.
      </EmptyState>
    );
  }
  return <Operation operation={operation} />;
}

function Operation({ operation }: { readonly operation: OperationFragment }) {
  const { permissions, id: viewerId } = useViewer();
  const { id, kind, approval, terms } = operation;
  // Where the table of results has no room to say why.
  const isNarrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const end = endInWords(operation);
  const isOver = isFinished(operation);
  const isWaiting = isAwaitingApproval(operation);
  const mayCancel = !isOver && permissions.includes(kinds[kind].permission);
  const isMine = operation.createdBy.id === viewerId;
  return (
    <>
      <WayBack />
      <PageHead title={titleOf(operation)}>
        {approval?.canDecide === true && <DecideButtons operation={operation} />}
        {mayCancel && (!isWaiting || isMine) && <CancelButton operation={operation} />}
        {kind !== 'IMPORT_ORGANIZATIONS' && isOver && <ReportButton operationId={id} name={fileNameOf(operation)} />}
      </PageHead>
      <div className={classes.body} style={{ maxWidth: 1120 }}>
        <div className={classes.columns}>
          <section className={classes.card} aria-label="How it stands">
            <div className={classes.cardHead}>
              <StatusBadge status={statusOfOperation(operation)} />
              {operation.dryRun && (
                <Text size="sm" c="var(--kw-ink-2)">
                  Every rule was applied, and nothing was changed
                </Text>
              )}
            </div>
            {isWaiting && <WaitingNotice operation={operation} isMine={isMine} />}
            {isPlanned(operation) && <PlannedNotice operation={operation} />}
            {!isOver && !isWaiting && !isPlanned(operation) && <OperationProgress operation={operation} />}
            {end !== null && <Notice tone={end.tone}>{end.text}</Notice>}
            <OutcomeTiles operation={operation} />
            {isNarrow && operation.refused > 0 && <Refusals operationId={id} />}
          </section>
          <section className={classes.card} aria-label="What was asked for">
            <OperationFacts operation={operation} />
            {kind === 'SYNC_API_KEY' &&
              operation.status !== 'CANCELLED' &&
              isOver &&
              !operation.dryRun &&
              terms?.fingerprint != null && (
                <div>
                  <Button
                    component={Link}
                    to={`/organizations?fingerprint=${encodeURIComponent(terms.fingerprint)}`}
                    size="compact-xs"
                    variant="subtle"
                    leftSection={<ListChecks size={14} aria-hidden />}
                  >
                    Organizations on this key now
                  </Button>
                </div>
              )}
          </section>
        </div>
        {kind !== 'IMPORT_ORGANIZATIONS' && <Results operation={operation} />}
      </div>
    </>
  );
}

function WaitingNotice({ operation, isMine }: { readonly operation: OperationFragment; readonly isMine: boolean }) {
  const { canDecide, dryRunStatus } = operation.approval ?? { canDecide: false, dryRunStatus: null };
  const ahead = dryRunStatus === null ? 'Its dry run is being made.' : 'The numbers are those of a dry run.';
  if (canDecide) return <Notice tone="violet">It waits for you to decide. {ahead}</Notice>;
  if (isMine) {
    return <Notice tone="violet">It waits for somebody else to approve it, and nothing is done before. {ahead}</Notice>;
  }
  return (
    <Notice tone="violet">
      It waits for approval by somebody who may do this at the provider or above it. {ahead}
    </Notice>
  );
}

function fileNameOf({ kind, createdAt, dryRun }: OperationFragment): string {
  const name = kinds[kind].name.toLowerCase().replaceAll(' ', '-');
  return `${name}${dryRun ? '-dry-run' : ''}-${createdAt.slice(0, 19).replaceAll(':', '')}`;
}

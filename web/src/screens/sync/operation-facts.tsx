import { reasonWords } from '../../components/disablement.ts';
import { DateOnly, RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { exactTime, minutesInWords } from '../../components/time.ts';
import { statusOfOperation } from './operation-words.ts';
import type { OperationFragment } from './sync.graphql.ts';
import classes from './sync.module.css';

/** What was asked for, by whom, and who agreed. */
export function OperationFacts({ operation }: { readonly operation: OperationFragment }) {
  const { approval, terms, createdBy, createdAt, startedAt, finishedAt, runAt, runUntil, atomicity } = operation;
  return (
    <dl className={classes.facts}>
      <dt>Started by</dt>
      <dd>
        <span dir="auto">{createdBy.displayName}</span>, <RelativeTime at={createdAt} />
      </dd>
      {runAt !== null && (
        <>
          <dt>Planned for</dt>
          <dd>
            <RelativeTime at={runAt} />, {exactTime(Date.parse(runAt))}
          </dd>
        </>
      )}
      {runUntil !== null && (
        <>
          <dt>No later than</dt>
          <dd>{exactTime(Date.parse(runUntil))}</dd>
        </>
      )}
      {terms?.rotationPolicy != null && (
        <>
          <dt>Asked for by</dt>
          <dd>
            the rotation policy <bdi>{terms.rotationPolicy}</bdi>
          </dd>
        </>
      )}
      {terms?.overlapMinutes != null && (
        <>
          <dt>Overlap</dt>
          <dd>The old keys work on for {minutesInWords(terms.overlapMinutes)}</dd>
        </>
      )}
      {startedAt !== null && finishedAt === null && (
        <>
          <dt>Running since</dt>
          <dd>
            <RelativeTime at={startedAt} />
          </dd>
        </>
      )}
      {finishedAt !== null && (
        <>
          <dt>Ended</dt>
          <dd>
            <RelativeTime at={finishedAt} />
          </dd>
        </>
      )}
      <dt>If one refuses</dt>
      <dd>{atomicity === 'ALL_OR_NOTHING' ? 'None is changed' : 'The others are changed'}</dd>
      {terms?.reason != null && (
        <>
          <dt>Reason</dt>
          <dd>{reasonWords[terms.reason]}</dd>
        </>
      )}
      {terms?.note != null && (
        <>
          <dt>Note</dt>
          <dd dir="auto">{terms.note}</dd>
        </>
      )}
      {terms?.endsAt != null && (
        <>
          <dt>New end</dt>
          <dd>
            <DateOnly at={terms.endsAt} />
          </dd>
        </>
      )}
      {approval !== null && <ApprovalFacts approval={approval} />}
    </dl>
  );
}

type Approval = NonNullable<OperationFragment['approval']>;

const decisions: Record<Approval['status'], string> = {
  PENDING: 'Somebody else has to agree',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  EXPIRED: 'Nobody decided in time',
  WITHDRAWN: 'Ended before anybody decided',
};

function ApprovalFacts({ approval }: { readonly approval: Approval }) {
  const { status, expiresAt, decidedBy, decidedAt, note, dryRunStatus } = approval;
  return (
    <>
      <dt>Approval</dt>
      <dd>
        {decisions[status]}
        {decidedBy !== null && (
          <>
            {' by '}
            <span dir="auto">{decidedBy.displayName}</span>
          </>
        )}
        {decidedAt !== null && (
          <>
            , <RelativeTime at={decidedAt} />
          </>
        )}
        {status === 'PENDING' && (
          <>
            . It expires <RelativeTime at={expiresAt} />
          </>
        )}
      </dd>
      {note !== null && (
        <>
          <dt>Said about it</dt>
          <dd dir="auto">{note}</dd>
        </>
      )}
      {status === 'PENDING' && (
        <>
          <dt>Dry run</dt>
          <dd>
            {dryRunStatus === null ? (
              'Being made'
            ) : (
              <StatusBadge status={statusOfOperation({ status: dryRunStatus, approval: null, dryRun: true })} />
            )}
          </dd>
        </>
      )}
    </>
  );
}

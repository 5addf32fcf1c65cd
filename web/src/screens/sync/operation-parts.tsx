import type { ReactNode } from 'react';
import { RelativeTime } from '../../components/relative-time.tsx';
import { statuses } from '../../components/status.ts';
import { exactTime, plural, wholeNumber } from '../../components/time.ts';
import { isAhead, isFinished, isVoid, outcomeCount, outcomes, statusOfOutcome } from './operation-words.ts';
import type { OperationFragment } from './sync.graphql.ts';
import classes from './sync.module.css';

/** How many of its organizations have ended, or would end, in which way. */
export function OutcomeTiles({ operation }: { readonly operation: OperationFragment }) {
  return (
    <dl className={classes.tiles}>
      {outcomes.map((outcome) => {
        const { word, tone } = statuses[statusOfOutcome(operation, outcome)];
        const count = outcomeCount(operation, outcome);
        return (
          <div key={outcome} className={classes.tile} data-tone={count > 0 ? tone : undefined}>
            <dt>{word}</dt>
            <dd>{wholeNumber(count)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** How far it is, for as long as it runs. */
export function OperationProgress({ operation }: { readonly operation: OperationFragment }) {
  const { processed, total, status } = operation;
  const isEnding = operation.cancelRequestedAt !== null;
  const words =
    status === 'PENDING'
      ? `Waiting to begin with ${plural(total, 'organization')}`
      : `${wholeNumber(processed)} of ${plural(total, 'organization')}`;
  return (
    <div>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={processed}
        aria-valuetext={words}
      >
        <div style={{ width: `${total === 0 ? 0 : (100 * processed) / total}%` }} />
      </div>
      <div style={{ marginTop: 6, fontSize: 13, color: 'var(--kw-ink-2)' }}>
        {isEnding ? `${words}. It ends after what it is at.` : words}
      </div>
    </div>
  );
}

export function Notice({
  tone,
  children,
}: {
  readonly tone: 'red' | 'amber' | 'violet' | 'green' | 'blue';
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.notice} data-tone={tone} role="status">
      {children}
    </div>
  );
}

/** When it begins, of a planned one. */
export function PlannedNotice({ operation }: { readonly operation: OperationFragment }) {
  const { runAt, total, changed, unchanged, refused } = operation;
  const isLookedAt = changed + unchanged + refused === total;
  return (
    <Notice tone="blue">
      {runAt !== null && (
        <>
          It begins <RelativeTime at={runAt} />, {exactTime(Date.parse(runAt))}.{' '}
        </>
      )}
      Nothing is changed before. {isLookedAt ? 'The numbers are those of a dry run.' : 'Its dry run is being made.'}
    </Notice>
  );
}

/** What happened or would, to what, and what to do next; null when the numbers say it all. */
export function endInWords(operation: OperationFragment): {
  readonly tone: 'red' | 'amber' | 'green';
  readonly text: string;
} | null {
  const { status, total, changed, unchanged, refused, failure } = operation;
  const nothing = isAhead(operation) ? 'Nothing would be changed' : 'Nothing was changed';
  if (!isFinished(operation) && !(isAhead(operation) && isVoid(operation))) return null;
  if (failure !== null) return { tone: 'red', text: failure };
  if (status === 'CANCELLED') {
    const text =
      changed === 0
        ? 'It was cancelled. Nothing was changed.'
        : `It was cancelled. ${plural(changed, 'organization was', 'organizations were')} changed before that.`;
    return { tone: 'amber', text };
  }
  if (isVoid(operation)) {
    const refusing = `${wholeNumber(refused)} of ${plural(total, 'organization')}`;
    return {
      tone: 'red',
      text: `${nothing}: ${refusing} ${refused === 1 ? 'refuses' : 'refuse'}. Settle what each needs, or leave them out.`,
    };
  }
  if (changed === 0 && refused === 0) {
    return {
      tone: 'amber',
      text: `There is nothing to do: ${plural(unchanged, 'organization is', 'organizations are')} so already.`,
    };
  }
  if (changed === 0) {
    return { tone: 'red', text: `${nothing}: see what each organization says.` };
  }
  return null;
}

import { useId } from 'react';
import { plural, wholeNumber } from '../../../components/time.ts';
import type { Span } from './spans.ts';
import type { SlotUsageQuery } from './usage.graphql.ts';
import classes from './usage.module.css';

export type Point = NonNullable<SlotUsageQuery['organization']>['apiKey']['usage']['history'][number];

interface UsageChartProps {
  readonly span: Span;
  readonly points: readonly Point[];
  /** Calls that each of its periods allows; null: there is no such limit. */
  readonly limit: number | null;
}

/** The calls of each period as bars, and as a table for whoever would rather read. */
export function UsageChart({ span, points, limit }: UsageChartProps) {
  const captionId = useId();
  const most = Math.max(...points.map(({ calls }) => calls), 0);
  const top = roundUp(Math.max(most, limit !== null && limit <= most * 4 ? limit : 0, 1));
  const sum = points.reduce((total, { calls }) => total + calls, 0);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <figure className={classes.figure} aria-labelledby={captionId}>
      <figcaption id={captionId} className={classes.caption}>
        {span.each}: {plural(sum, 'call')} in {span.label}
      </figcaption>
      <div className={classes.plot} aria-hidden>
        {limit !== top && <span className={classes.top}>{wholeNumber(top)}</span>}
        {limit !== null && limit <= top && (
          <span className={classes.limit} style={{ bottom: `${(100 * limit) / top}%` }}>
            <span>allowed {wholeNumber(limit)}</span>
          </span>
        )}
        <div className={classes.bars}>
          {points.map(({ startsAt, calls }) => (
            <span
              key={startsAt}
              className={classes.bar}
              title={`${span.nameOf(Date.parse(startsAt))}: ${plural(calls, 'call')}`}
            >
              <span
                data-full={(limit !== null && calls >= limit) || undefined}
                style={{ height: `${(100 * calls) / top}%`, minHeight: calls > 0 ? 2 : 0 }}
              />
            </span>
          ))}
        </div>
      </div>
      <div className={classes.ends} aria-hidden>
        <span>{span.nameOf(Date.parse(first.startsAt))}</span>
        <span>{span.nameOf(Date.parse(last.startsAt))}</span>
      </div>
      <details className={classes.figures}>
        <summary>The same in figures</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Beginning</th>
              <th scope="col">Calls</th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(({ startsAt, calls }) => (
              <tr key={startsAt}>
                <th scope="row">{span.nameOf(Date.parse(startsAt))}</th>
                <td>{wholeNumber(calls)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** To one, two or five and zeros: what a scale ends in. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * unit >= value) ?? 10) * unit;
}

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Tone } from '../../components/status.ts';
import { wholeNumber } from '../../components/time.ts';
import classes from './overview-page.module.css';

export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly tone: Tone;
  readonly icon?: LucideIcon;
  /** To those that are counted. */
  readonly to: string;
}

interface BarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What 100 % is. */
  readonly of: number;
}

/** Rounded so that nothing which is there is 0 %, and nothing that lacks something is 100 %. */
export function shareOf(count: number, total: number): string {
  if (total === 0 || count === 0) return '0%';
  const percent = (100 * count) / total;
  if (percent < 1) return '<1%';
  return `${count < total ? Math.min(99, Math.round(percent)) : 100}%`;
}

/** A chart that is a list of links: its bars are as long as their numbers say, the longest as long as there is room. */
export function Bars({ label, bars, of }: BarsProps) {
  const longest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map(({ label: name, count, tone, icon: Icon, to }) => (
        <li key={name}>
          <Link className={classes.bar} to={to} data-tone={tone}>
            <span className={classes.label}>
              {Icon !== undefined && <Icon size={14} className={classes.tone} data-tone={tone} aria-hidden />}
              <span className={classes.grow}>{name}</span>
            </span>
            <span className={classes.track} aria-hidden>
              {count > 0 && (
                <span
                  className={classes.fill}
                  data-tone={tone}
                  style={{ display: 'block', width: `${(100 * count) / longest}%` }}
                />
              )}
            </span>
            <data className={classes.number} value={count}>
              {wholeNumber(count)}
            </data>
            <span className={classes.share}>{shareOf(count, of)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface CardProps {
  readonly title: string;
  readonly isWide?: boolean;
  /** At its right: what goes further. */
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, isWide, more, children }: CardProps) {
  return (
    <section className={classes.card} aria-label={title} data-wide={isWide || undefined}>
      <div className={classes.cardHead}>
        <h2>{title}</h2>
        {more}
      </div>
      {children}
    </section>
  );
}

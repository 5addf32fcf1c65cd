import { toneOf } from '../../components/status.ts';
import { plural, wholeNumber } from '../../components/time.ts';
import type { OrganizationsPageQuery } from './organizations.graphql.ts';
import classes from './organizations-page.module.css';

const now = { HOUR: 'this hour', DAY: 'today', MONTH: 'this month' } as const;

type Row = OrganizationsPageQuery['organizations']['nodes'][number];

/** How much of its threshold an organization has used up in the window that holds now. */
export function UsageCell({ usage }: { readonly usage: NonNullable<Row['calls']>['usage'] }) {
  const { used, threshold, period } = usage;
  if (threshold === null) {
    return <span title={`${plural(used, 'call')} ${now[period]}, without a limit`}>No limit</span>;
  }
  const percent = Math.floor((100 * used) / threshold);
  return (
    <span className={classes.usage} title={`${wholeNumber(used)} of ${plural(threshold, 'call')} ${now[period]}`}>
      <span className={classes.usageTrack} aria-hidden>
        <span data-tone={toneOf(percent)} style={{ width: `${Math.min(100, percent)}%` }} />
      </span>
      {percent}%
    </span>
  );
}

import { statuses, statusOfSource } from '../../components/status.ts';
import { Bars, Card } from './bars.tsx';
import { dayOf, useLinkToTable } from './links.ts';
import type { OverviewQuery } from './overview.graphql.ts';
import classes from './overview-page.module.css';

export type Summary = OverviewQuery['fleetSummary'];

/** How many keys are in which state. */
export function KeysByStatus({ summary }: { readonly summary: Summary }) {
  const linkTo = useLinkToTable();
  const { enabled, noKey } = statuses;
  const bars = [
    { ...enabled, label: enabled.word, count: summary.enabledCount, to: linkTo({ key: 'ENABLED' }) },
    ...summary.disabledBy.map(({ source, count }) => {
      const status = statuses[statusOfSource[source]];
      return { ...status, label: status.word, count, to: linkTo({ disabledBy: source }) };
    }),
    { ...noKey, label: noKey.word, count: summary.emptyCount, to: linkTo({ key: 'NONE' }) },
  ];
  return (
    <Card title="Keys by status">
      <Bars label="Keys by status" bars={bars} of={summary.organizationCount} />
      <p className={classes.lead} style={{ margin: 'auto 0 0', paddingTop: 12 }}>
        A key that is disabled for several reasons counts for each.
      </p>
    </Card>
  );
}

const ageNames = ['Under 30 days', '30 to 90 days', '90 to 180 days', '180 days to a year', 'Over a year'] as const;
const ageTones = ['green', 'green', 'blue', 'amber', 'orange'] as const;

/** How long ago the strings that are in use came. */
export function KeysByAge({ summary: { keyAges } }: { readonly summary: Summary }) {
  const linkTo = useLinkToTable();
  const total = keyAges.reduce((sum, { count }) => sum + count, 0);
  const bars = keyAges.map(({ since, before, count }, index) => ({
    label: ageNames[index] ?? 'Older',
    tone: ageTones[index] ?? 'orange',
    count,
    to: linkTo({ keySince: dayOf(since), keyBefore: dayOf(before), sort: 'KEY_LAST_MODIFIED_AT' }),
  }));
  return (
    <Card title="Keys by age">
      <Bars label="Keys by age" bars={bars} of={total} />
      <p className={classes.lead} style={{ margin: 'auto 0 0', paddingTop: 12 }}>
        Since the string was last added, edited or regenerated.
      </p>
    </Card>
  );
}

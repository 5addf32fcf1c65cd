import { type StatusName, statuses } from './status.ts';
import classes from './status-badge.module.css';

/** @param more goes after the word: "until 3 March" of an overlap */
export function StatusBadge({ status, more }: { readonly status: StatusName; readonly more?: string }) {
  const { word, tone, icon: Icon } = statuses[status];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={13} aria-hidden />
      <span className={classes.word}>{more === undefined ? word : `${word} ${more}`}</span>
    </span>
  );
}

import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { plural, wholeNumber } from '../time.ts';
import classes from './data-table.module.css';
import { NOTHING, type Selection } from './selection.ts';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  /** How many the filter finds; null while that is not known. */
  readonly total: number | null;
  readonly what: string;
  /** What can be done with them. */
  readonly children?: ReactNode;
}

/** In the place of the filters while something is selected. */
export function SelectionBar({ selection, onSelection, total, what, children }: SelectionBarProps) {
  const isAll = selection.kind === 'ALL_THAT_MATCH';
  const count = isAll ? total : selection.ids.size;
  return (
    <section className={classes.bar} aria-label="Selection">
      <Text size="sm" fw={600} role="status">
        {isAll && 'All '}
        {count === null ? `${what}s that match` : plural(count, what)} selected
      </Text>
      {!isAll && total !== null && total > selection.ids.size && (
        <Button variant="subtle" size="compact-xs" onClick={() => onSelection({ kind: 'ALL_THAT_MATCH' })}>
          Select all {wholeNumber(total)} that match
        </Button>
      )}
      {children}
      <Button variant="subtle" color="gray" size="compact-xs" onClick={() => onSelection(NOTHING)}>
        Clear selection
      </Button>
    </section>
  );
}

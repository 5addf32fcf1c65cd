import { Checkbox } from '@mantine/core';
import type { Sort, TableColumn } from './column.ts';
import { ColumnHead } from './column-head.tsx';
import classes from './data-table.module.css';
import type { Layout } from './layout.ts';
import { isSelected, NOTHING } from './selection.ts';
import type { RowOptions } from './table-row.tsx';

export const CHOICE_WIDTH_PX = 42;
const ACTIONS_WIDTH_PX = 56;
const NARROW_ACTIONS_WIDTH_PX = 44;
/** Of every column but the widest, so that the words of a badge are not cut. */
const NARROW_WIDTH_PX = 172;

interface WidthsProps<Row> extends Pick<RowOptions<Row>, 'selection' | 'actionsOf'> {
  readonly visible: readonly TableColumn<Row>[];
  readonly layout: Layout;
  readonly isNarrow: boolean;
}

export function ColumnWidths<Row>({ visible, layout, selection, actionsOf, isNarrow }: WidthsProps<Row>) {
  return (
    <colgroup>
      {selection !== undefined && <col style={{ width: CHOICE_WIDTH_PX }} />}
      {visible.map(({ id, width }) => (
        <col key={id} style={{ width: isNarrow ? narrowWidth(width, visible) : (layout.widths[id] ?? width) }} />
      ))}
      {actionsOf !== undefined && <col style={{ width: isNarrow ? NARROW_ACTIONS_WIDTH_PX : ACTIONS_WIDTH_PX }} />}
    </colgroup>
  );
}

/** The widest column has what the others leave. */
function narrowWidth(width: number, among: readonly { readonly width: number }[]): number | undefined {
  const isWidest = among.every((other) => other.width <= width);
  return isWidest ? undefined : Math.min(width, NARROW_WIDTH_PX);
}

interface HeadProps<Row> extends WidthsProps<Row>, Pick<RowOptions<Row>, 'onSelection'> {
  readonly onLayout: (layout: Layout) => void;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** Of the rows that are loaded. */
  readonly ids: readonly string[];
}

/** Chooses all rows or none, and holds the names of the columns. */
export function TableHead<Row>(props: HeadProps<Row>) {
  const { visible, ids, selection, onSelection, isNarrow } = props;
  const areAll = ids.length > 0 && selection !== undefined && ids.every((id) => isSelected(selection, id));
  const isAny = selection !== undefined && ids.some((id) => isSelected(selection, id));
  return (
    <thead>
      <tr>
        {selection !== undefined && (
          <th className={classes.choice} scope="col">
            <Checkbox
              size="xs"
              aria-label="Select every row that is loaded"
              checked={areAll}
              indeterminate={isAny && !areAll}
              onChange={() => onSelection?.(areAll ? NOTHING : { kind: 'SOME', ids: new Set(ids) })}
            />
          </th>
        )}
        {visible.map((column) => (
          <ColumnHead key={column.id} column={column} canResize={!isNarrow} {...props} />
        ))}
        {props.actionsOf !== undefined && (
          <th scope="col" className={classes.actions}>
            <span className="visually-hidden">Actions</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Pages } from '../../graphql/use-pages.ts';
import { ErrorState, PartialFailure } from '../states.tsx';
import type { Sort, TableColumn } from './column.ts';
import classes from './data-table.module.css';
import type { Layout } from './layout.ts';
import { type OpenRowMenu, RowMenu } from './row-menu.tsx';
import { CHOICE_WIDTH_PX, ColumnWidths, TableHead } from './table-head.tsx';
import { type RowOptions, TableRow } from './table-row.tsx';

const ROW_HEIGHT_PX = 41;
/** Rows from the end at which the next page is asked for. */
const AHEAD = 60;
const NARROW = '(max-width: 900px)';

export interface DataTableProps<Row> extends RowOptions<Row> {
  /** What the rows are, for screen readers: "Organizations". */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly pages: Pages<Row>;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** When there is nothing to show: first use, or nothing found. */
  readonly empty: ReactNode;
  /** Of all that match, beneath the table. */
  readonly summary?: ReactNode;
}

/** Rows that the server pages, of which only those in sight are in the page. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, pages, layout, idOf, selection, actionsOf } = props;
  const { rows } = pages;
  const [activeId, setActiveId] = useState<string | null>(null);
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;
  const visible = visibleColumns(props.columns, layout, isNarrow);
  const { scroller, items, before, after } = useRowsInSight(pages);

  if (pages.failure !== null && rows.length === 0) {
    return <ErrorState failure={pages.failure} onRetry={pages.retry} />;
  }
  if (!pages.isLoading && !pages.isStale && rows.length === 0) return <>{props.empty}</>;

  const width = visible.reduce((sum, { id, width: first }) => sum + (layout.widths[id] ?? first), 0);
  const span = visible.length + (selection === undefined ? 0 : 1) + (actionsOf === undefined ? 0 : 1);
  const ids = rows.map(idOf);
  const isActiveInSight = items.some(({ index }) => ids[index] === activeId);

  return (
    <div className={classes.frame}>
      <div className={classes.scroller} ref={scroller} data-stale={pages.isStale || undefined}>
        <table
          className={classes.table}
          aria-label={label}
          aria-rowcount={pages.hasMore ? -1 : rows.length + 1}
          aria-busy={pages.isLoading}
          style={{ minWidth: isNarrow ? undefined : width + CHOICE_WIDTH_PX }}
        >
          <ColumnWidths {...props} visible={visible} isNarrow={isNarrow} />
          <TableHead {...props} visible={visible} ids={ids} isNarrow={isNarrow} />
          <tbody onKeyDown={moveFocus}>
            {pages.isLoading ? (
              <SkeletonRows columns={span} />
            ) : (
              <>
                <Spacer height={before} span={span} />
                {items.map(({ index }) => {
                  const row = rows[index];
                  return row === undefined ? null : (
                    <TableRow
                      key={idOf(row)}
                      row={row}
                      index={index}
                      ids={ids}
                      visible={visible}
                      isTabStop={isActiveInSight ? ids[index] === activeId : index === items[0]?.index}
                      onFocus={setActiveId}
                      onMenu={setMenu}
                      {...props}
                    />
                  );
                })}
                <Spacer height={after} span={span} />
              </>
            )}
          </tbody>
        </table>
      </div>
      {pages.failure !== null && <PartialFailure failure={pages.failure} onRetry={pages.retry} />}
      <RowMenu open={menu} onClose={() => setMenu(null)} />
      {props.summary !== undefined && (
        <div className={classes.foot} role="status">
          {props.summary}
        </div>
      )}
    </div>
  );
}

/** The rows to draw, with the room that those before and behind them take. The next page is asked for ahead of the end. */
function useRowsInSight<Row>({ rows, question, hasMore, loadMore, failure }: Pages<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 24,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const hasFailed = failure !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is another list, which begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [question]);
  useEffect(() => {
    // After a failure only somebody who tries again asks: else it would be asked without end.
    if (hasMore && !hasFailed && last > rows.length - AHEAD) loadMore();
  }, [last, rows.length, hasMore, hasFailed, loadMore]);
  return { scroller, items, before: items[0]?.start ?? 0, after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0) };
}

function visibleColumns<Row>(columns: readonly TableColumn<Row>[], layout: Layout, isNarrow: boolean) {
  const shown = layout.order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  return shown.filter(({ id, isNarrow: onNarrow }) => (isNarrow ? onNarrow === true : !layout.hidden.includes(id)));
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  if (!(next instanceof HTMLElement) || !('row' in next.dataset)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className={classes.spacer}>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

const skeletonWidths = [72, 56, 80, 64, 48, 76, 60, 68, 52, 74, 58, 66];

function SkeletonRows({ columns }: { readonly columns: number }) {
  return skeletonWidths.map((width) => (
    <tr key={width}>
      {Array.from({ length: columns }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else
        <td key={index}>
          <Skeleton height={10} width={`${width}%`} />
        </td>
      ))}
    </tr>
  ));
}

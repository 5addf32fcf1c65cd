import { ActionIcon, Checkbox, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Pages } from '../../graphql/use-pages.ts';
import { ErrorState, PartialFailure } from '../states.tsx';
import type { Sort, TableColumn } from './column.ts';
import { ColumnHead } from './column-head.tsx';
import classes from './data-table.module.css';
import type { Layout } from './layout.ts';
import { type OpenRowMenu, type RowAction, RowMenu } from './row-menu.tsx';
import { isSelected, NOTHING, type Selection, toggled } from './selection.ts';

const ROW_HEIGHT_PX = 41;
const CHOICE_WIDTH_PX = 42;
const ACTIONS_WIDTH_PX = 56;
const NARROW_ACTIONS_WIDTH_PX = 44;
/** Of every column but the widest, so that the words of a badge are not cut. */
const NARROW_WIDTH_PX = 172;
/** Rows from the end at which the next page is asked for. */
const AHEAD = 60;
const NARROW = '(max-width: 900px)';

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers: "Organizations". */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly pages: Pages<Row>;
  readonly idOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly selection?: Selection;
  readonly onSelection?: (selection: Selection) => void;
  /** On click and Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly openId?: string | null;
  /** What can be done with a row: behind the button at its end, and in its context menu. */
  readonly actionsOf?: (row: Row) => readonly RowAction[];
  /** When there is nothing to show: first use, or nothing found. */
  readonly empty: ReactNode;
  /** Of all that match, beneath the table. */
  readonly summary?: ReactNode;
}

/** Rows that the server pages, of which only those in sight are in the page. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, pages, layout, idOf, selection, onSelection, actionsOf } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;
  const columns = visibleColumns(props.columns, layout, isNarrow);
  const { rows } = pages;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 24,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasMore, loadMore, question } = pages;
  const hasFailed = pages.failure !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is another list, which begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [question]);
  useEffect(() => {
    // After a failure only somebody who tries again asks: else it would be asked without end.
    if (hasMore && !hasFailed && last > rows.length - AHEAD) loadMore();
  }, [last, rows.length, hasMore, hasFailed, loadMore]);

  if (pages.failure !== null && rows.length === 0) {
    return <ErrorState failure={pages.failure} onRetry={pages.retry} />;
  }
  if (!pages.isLoading && !pages.isStale && rows.length === 0) return <>{props.empty}</>;

  const width = columns.reduce((sum, { id, width: first }) => sum + (layout.widths[id] ?? first), 0);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = columns.length + (selection === undefined ? 0 : 1) + (actionsOf === undefined ? 0 : 1);
  const ids = rows.map(idOf);
  const isActiveInSight = items.some(({ index }) => ids[index] === activeId);
  const areAll = rows.length > 0 && selection !== undefined && ids.every((id) => isSelected(selection, id));
  const isAny = selection !== undefined && ids.some((id) => isSelected(selection, id));

  return (
    <div className={classes.frame}>
      <div className={classes.scroller} ref={scroller} data-stale={pages.isStale || undefined}>
        <table
          className={classes.table}
          aria-label={label}
          aria-rowcount={hasMore ? -1 : rows.length + 1}
          aria-busy={pages.isLoading}
          style={{ minWidth: isNarrow ? undefined : width + CHOICE_WIDTH_PX }}
        >
          <colgroup>
            {selection !== undefined && <col style={{ width: CHOICE_WIDTH_PX }} />}
            {columns.map(({ id, width: first }) => (
              <col key={id} style={{ width: isNarrow ? narrowWidth(first, columns) : (layout.widths[id] ?? first) }} />
            ))}
            {actionsOf !== undefined && (
              <col style={{ width: isNarrow ? NARROW_ACTIONS_WIDTH_PX : ACTIONS_WIDTH_PX }} />
            )}
          </colgroup>
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
              {columns.map((column) => (
                <ColumnHead key={column.id} column={column} canResize={!isNarrow} {...props} />
              ))}
              {actionsOf !== undefined && (
                <th scope="col" className={classes.actions}>
                  <span className="visually-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
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
                      visible={columns}
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

/** The widest column has what the others leave. */
function narrowWidth(width: number, among: readonly { readonly width: number }[]): number | undefined {
  const isWidest = among.every((other) => other.width <= width);
  return isWidest ? undefined : Math.min(width, NARROW_WIDTH_PX);
}

function visibleColumns<Row>(columns: readonly TableColumn<Row>[], layout: Layout, isNarrow: boolean) {
  const shown = layout.order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  return shown.filter(({ id, isNarrow: onNarrow }) => (isNarrow ? onNarrow === true : !layout.hidden.includes(id)));
}

interface RowProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly ids: readonly string[];
  readonly visible: readonly TableColumn<Row>[];
  /** Of all rows one is reached by Tab, the others from there by the arrows. */
  readonly isTabStop: boolean;
  readonly onFocus: (id: string) => void;
  readonly onMenu: (menu: OpenRowMenu) => void;
}

function TableRow<Row>(props: RowProps<Row>) {
  const { row, index, ids, visible, idOf, nameOf, selection, onSelection, onOpen, openId, actionsOf } = props;
  const id = idOf(row);
  const toggle = () => selection !== undefined && onSelection?.(toggled(selection, id, ids));
  const isChosen = selection !== undefined && isSelected(selection, id);
  const openMenu = (from: HTMLElement, x: number, y: number) =>
    actionsOf !== undefined && props.onMenu({ name: nameOf(row), actions: actionsOf(row), x, y, from });
  return (
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      tabIndex={props.isTabStop ? 0 : -1}
      data-row
      onFocus={() => props.onFocus(id)}
      data-opens={onOpen === undefined ? undefined : true}
      data-selected={isChosen || undefined}
      data-open={openId === id || undefined}
      aria-selected={selection === undefined ? undefined : isChosen}
      onClick={(event) => {
        if (!isControl(event.target)) onOpen?.(row);
      }}
      onContextMenu={(event) => {
        if (actionsOf === undefined || (event.target instanceof Element && event.target.closest('a, input'))) return;
        event.preventDefault();
        openMenu(event.currentTarget, event.clientX, event.clientY);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') onOpen?.(row);
        if (event.key === ' ' && selection !== undefined) {
          event.preventDefault();
          toggle();
        }
      }}
    >
      {selection !== undefined && (
        <td className={classes.choice}>
          <Checkbox size="xs" aria-label={`Select ${nameOf(row)}`} checked={isChosen} onChange={toggle} tabIndex={-1} />
        </td>
      )}
      {visible.map((column) => (
        <td key={column.id} data-number={column.isNumber}>
          {column.cell(row)}
        </td>
      ))}
      {actionsOf !== undefined && (
        <td className={classes.actions}>
          <ActionIcon
            color="gray"
            size="sm"
            aria-label={`Actions for ${nameOf(row)}`}
            aria-haspopup="menu"
            onClick={({ currentTarget }) => {
              const { left, bottom } = currentTarget.getBoundingClientRect();
              openMenu(currentTarget, left, bottom);
            }}
          >
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}

/** What does something of its own when it is clicked. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, a, input, label, [role="menu"]') !== null;
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

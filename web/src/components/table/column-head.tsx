import { ArrowDown, ArrowUp } from 'lucide-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Sort, TableColumn } from './column.ts';
import classes from './data-table.module.css';
import type { Layout } from './layout.ts';

const NARROWEST_PX = 72;
const WIDEST_PX = 800;
const STEP_PX = 16;

interface ColumnHeadProps<Row> {
  readonly column: TableColumn<Row>;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly canResize: boolean;
}

/** Sorts when it is pressed, and is dragged wider or narrower at its end (or with ← and →). */
export function ColumnHead<Row>({ column, layout, onLayout, sort = null, onSort, canResize }: ColumnHeadProps<Row>) {
  const width = layout.widths[column.id] ?? column.width;
  const setWidth = (next: number) => {
    const bounded = Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, next)));
    onLayout({ ...layout, widths: { ...layout.widths, [column.id]: bounded } });
  };
  const { sortBy } = column;
  const direction = sortBy !== undefined && sort?.field === sortBy ? sort.direction : null;
  return (
    <th scope="col" aria-sort={direction === null ? undefined : direction === 'ASC' ? 'ascending' : 'descending'}>
      {sortBy === undefined || onSort === undefined ? (
        <div className={classes.head} data-number={column.isNumber}>
          <span>{column.label}</span>
        </div>
      ) : (
        <button
          type="button"
          className={classes.head}
          data-number={column.isNumber}
          onClick={() => onSort({ field: sortBy, direction: direction === 'ASC' ? 'DESC' : 'ASC' })}
        >
          <span>{column.label}</span>
          {direction === 'ASC' && <ArrowUp size={13} aria-hidden />}
          {direction === 'DESC' && <ArrowDown size={13} aria-hidden />}
        </button>
      )}
      {canResize && <Grip label={column.label} width={width} onWidth={setWidth} />}
    </th>
  );
}

function Grip({
  label,
  width,
  onWidth,
}: {
  readonly label: string;
  readonly width: number;
  readonly onWidth: (width: number) => void;
}) {
  function drag(event: PointerEvent<HTMLElement>) {
    const grip = event.currentTarget;
    const from = event.clientX;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(width + moved.clientX - from);
    grip.addEventListener('pointermove', move);
    grip.addEventListener('lostpointercapture', () => grip.removeEventListener('pointermove', move), { once: true });
  }
  function step(event: KeyboardEvent) {
    if (event.key === 'ArrowLeft') onWidth(width - STEP_PX);
    if (event.key === 'ArrowRight') onWidth(width + STEP_PX);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between two columns that moves
    <div
      className={classes.grip}
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={width}
      aria-valuemin={NARROWEST_PX}
      aria-valuemax={WIDEST_PX}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={step}
    />
  );
}

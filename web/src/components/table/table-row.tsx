import { ActionIcon, Checkbox } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import type { TableColumn } from './column.ts';
import classes from './data-table.module.css';
import type { OpenRowMenu, RowAction } from './row-menu.tsx';
import { isSelected, type Selection, toggled } from './selection.ts';

/** What a row of a table is, and what can be done with it. */
export interface RowOptions<Row> {
  readonly idOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly selection?: Selection;
  readonly onSelection?: (selection: Selection) => void;
  /** On click and Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly openId?: string | null;
  /** What can be done with a row: behind the button at its end, and in its context menu. */
  readonly actionsOf?: (row: Row) => readonly RowAction[];
}

interface RowProps<Row> extends RowOptions<Row> {
  readonly row: Row;
  readonly index: number;
  readonly ids: readonly string[];
  readonly visible: readonly TableColumn<Row>[];
  /** Of all rows one is reached by Tab, the others from there by the arrows. */
  readonly isTabStop: boolean;
  readonly onFocus: (id: string) => void;
  readonly onMenu: (menu: OpenRowMenu) => void;
}

/** Is opened, chosen, and asked what can be done with it, by mouse and by keyboard. */
export function TableRow<Row>(props: RowProps<Row>) {
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

import { Menu } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { useNavigate } from 'react-router';
import { MenuAction } from '../menu-action.tsx';
import classes from './row-menu.module.css';

/** Something that can be done with one row. */
export interface RowAction {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Either this or `to`. */
  readonly onChoose?: () => void;
  /** An address of the console. */
  readonly to?: string;
  readonly isDangerous?: boolean;
  /** Why it cannot be done now; null or left out: it can. */
  readonly whyNot?: string | null;
}

export interface OpenRowMenu {
  readonly name: string;
  readonly actions: readonly RowAction[];
  /** Where its corner is, in px of the window. */
  readonly x: number;
  readonly y: number;
  /** What had the focus, and gets it back. */
  readonly from: HTMLElement;
}

/** One menu for all rows of a table: by the button at the row's end, the right mouse button, or the menu key. */
export function RowMenu({ open, onClose }: { readonly open: OpenRowMenu | null; readonly onClose: () => void }) {
  const navigate = useNavigate();
  function close() {
    open?.from.focus({ preventScroll: true });
    onClose();
  }
  if (open === null) return null;
  return (
    <Menu opened onClose={close} position="bottom-start" offset={2} shadow="md" returnFocus={false} width={260}>
      <Menu.Target>
        <span className={classes.corner} style={{ left: open.x, top: open.y }} aria-hidden>
          <span className="visually-hidden">Actions for {open.name}</span>
        </span>
      </Menu.Target>
      <Menu.Dropdown>
        {open.actions.map(({ label, icon, onChoose, to, isDangerous = false, whyNot }) => (
          <MenuAction
            key={label}
            label={label}
            icon={icon}
            color={isDangerous ? 'var(--kw-red)' : undefined}
            whyNot={whyNot}
            onChoose={() => {
              onChoose?.();
              if (to !== undefined) void navigate(to);
            }}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

import { Menu } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import classes from './menu-action.module.css';

interface MenuActionProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly color?: string | undefined;
  /** Why it cannot be done now; null or left out: it can. */
  readonly whyNot?: string | null | undefined;
  readonly onChoose: () => void;
}

/** An item of a menu, disabled so that the arrow keys still reach it, and says why to whoever is there. */
export function MenuAction({ label, icon: Icon, color, whyNot = null, onChoose }: MenuActionProps) {
  const isDisabled = whyNot !== null;
  return (
    <Menu.Item
      leftSection={<Icon size={15} />}
      className={classes.action}
      color={isDisabled ? undefined : color}
      aria-disabled={isDisabled || undefined}
      closeMenuOnClick={!isDisabled}
      onClick={isDisabled ? undefined : onChoose}
    >
      {label}
      {isDisabled && <span className={classes.reason}>{whyNot}</span>}
    </Menu.Item>
  );
}

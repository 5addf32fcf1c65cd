import { ActionIcon, Popover } from '@mantine/core';
import { CircleQuestionMark } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import classes from './help.module.css';

const WIDTH = 'min(420px, calc(100vw - 24px))';

interface HelpProps {
  /** "How webhooks work". */
  readonly title: string;
  /** Each a sentence or two. */
  readonly points: readonly ReactNode[];
}

/** What somebody has to know of a screen before they rely on it, where they ask for it. */
export function Help({ title, points }: HelpProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      width={WIDTH}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon color="gray" size={28} aria-label={title} title={title} onClick={() => setIsOpen(!isOpen)}>
          <CircleQuestionMark size={17} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={title} className={classes.help}>
        <h2 className={classes.title} tabIndex={-1} data-autofocus>
          {title}
        </h2>
        <ul className={classes.points}>
          {points.map((point, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sentences that stay where they are
            <li key={index}>{point}</li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

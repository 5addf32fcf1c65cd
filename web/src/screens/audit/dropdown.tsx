import { Button, Popover } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface DropdownProps {
  readonly label: string;
  readonly children: (close: () => void) => ReactNode;
  readonly width?: number;
}

/** A button of the filter bar, with what it opens. */
export function Dropdown({ label, children, width = 280 }: DropdownProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover position="bottom-start" shadow="md" width={width} trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          rightSection={<ChevronDown size={13} />}
          onClick={() => setOpened((before) => !before)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>{children(() => setOpened(false))}</Popover.Dropdown>
    </Popover>
  );
}

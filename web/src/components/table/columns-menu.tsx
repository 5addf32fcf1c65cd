import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import type { TableColumn } from './column.ts';
import classes from './data-table.module.css';
import type { Layout } from './layout.ts';

interface ColumnsMenuProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly onReset: () => void;
}

/** Shows, hides and moves columns. */
export function ColumnsMenu<Row>({ columns, layout, onLayout, onReset }: ColumnsMenuProps<Row>) {
  function toggle(id: string) {
    const isHidden = layout.hidden.includes(id);
    const hidden = isHidden ? layout.hidden.filter((other) => other !== id) : [...layout.hidden, id];
    onLayout({ ...layout, hidden });
  }
  function move(id: string, by: 1 | -1) {
    const order = layout.order.filter((other) => other !== id);
    order.splice(layout.order.indexOf(id) + by, 0, id);
    onLayout({ ...layout, order });
  }
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<Columns3 size={14} />} className={classes.wideOnly}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap={4}>
          {layout.order.map((id, index) => {
            const column = columns.find((each) => each.id === id);
            if (column === undefined) return null;
            return (
              <Group key={id} justify="space-between" wrap="nowrap" gap="lg">
                <Checkbox
                  size="xs"
                  label={column.label}
                  checked={!layout.hidden.includes(id)}
                  disabled={column.isFixed === true}
                  onChange={() => toggle(id)}
                />
                <Group gap={0} wrap="nowrap">
                  <ActionIcon
                    size="sm"
                    color="gray"
                    disabled={index === 0}
                    aria-label={`Move ${column.label} left`}
                    onClick={() => move(id, -1)}
                  >
                    <ArrowUp size={13} />
                  </ActionIcon>
                  <ActionIcon
                    size="sm"
                    color="gray"
                    disabled={index === layout.order.length - 1}
                    aria-label={`Move ${column.label} right`}
                    onClick={() => move(id, 1)}
                  >
                    <ArrowDown size={13} />
                  </ActionIcon>
                </Group>
              </Group>
            );
          })}
          <Text component="div" ta="right" mt={4}>
            <Button variant="subtle" size="compact-xs" onClick={onReset}>
              As at first
            </Button>
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

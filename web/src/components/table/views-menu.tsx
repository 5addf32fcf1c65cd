import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { Bookmark, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Layout, type SavedView, useSavedViews } from './layout.ts';

interface ViewsMenuProps {
  /** Of the table. */
  readonly name: string;
  readonly search: string;
  readonly layout: Layout;
  readonly onView: (view: SavedView) => void;
}

/** Filters, order and columns under a name, remembered by this browser. */
export function ViewsMenu({ name, search, layout, onView }: ViewsMenuProps) {
  const { views, save, remove } = useSavedViews(name);
  const [title, setTitle] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() === '') return;
    save({ name: title.trim(), search, layout });
    setTitle('');
  }
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<Bookmark size={14} />}>
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap="xs">
          {views.length === 0 && (
            <Text size="sm" c="var(--kw-ink-2)">
              A view keeps filters, order and columns under a name, in this browser.
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} justify="space-between" wrap="nowrap">
              <UnstyledButton
                fz="sm"
                onClick={() => onView(view)}
                style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}
              >
                {view.name}
              </UnstyledButton>
              <ActionIcon
                size="sm"
                color="gray"
                aria-label={`Delete the view ${view.name}`}
                onClick={() => remove(view)}
              >
                <Trash2 size={13} />
              </ActionIcon>
            </Group>
          ))}
          <form onSubmit={submit}>
            <Group gap={6} wrap="nowrap" align="end">
              <TextInput
                size="xs"
                label="Save what you see as"
                value={title}
                maxLength={60}
                onChange={(event) => setTitle(event.currentTarget.value)}
                flex={1}
              />
              <Button type="submit" size="xs" disabled={title.trim() === ''}>
                Save
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useStore } from '../store.ts';
import { useOpening } from './later.ts';
import { areShortcutsOpen, usePlaces } from './shortcuts.ts';

const everywhere = [
  { keys: ['/'], label: 'Search organizations, go to a screen' },
  { keys: ['Ctrl', 'K'], label: 'The same, from a field as well' },
  { keys: ['?'], label: 'Keyboard shortcuts' },
];
const inTables = [
  { keys: ['↑', '↓'], label: 'Row above, row below' },
  { keys: ['Enter'], label: 'Open' },
  { keys: ['Space'], label: 'Select' },
  { keys: ['Esc'], label: 'Close the panel' },
];

/** What `?` shows. */
export default function ShortcutsDialog() {
  const places = usePlaces();
  const opened = useOpening(useStore(areShortcutsOpen));
  return (
    <Modal opened={opened} onClose={() => areShortcutsOpen.set(false)} title="Keyboard shortcuts" centered>
      <Stack gap="lg">
        <Keys title="Everywhere" items={everywhere} />
        <Keys title="In tables" items={inTables} />
        <Keys
          title="Go to"
          items={places.map(({ label, shortcut }) => ({ label, keys: shortcut?.split(' ') ?? [] }))}
        />
      </Stack>
    </Modal>
  );
}

interface KeysProps {
  readonly title: string;
  readonly items: readonly { readonly keys: readonly string[]; readonly label: string }[];
}

function Keys({ title, items }: KeysProps) {
  return (
    <Stack gap={6}>
      <Text size="xs" fw={600} c="var(--kw-ink-2)">
        {title}
      </Text>
      {items.map(({ label, keys }) => (
        <Group key={label} justify="space-between">
          <Text size="sm">{label}</Text>
          <Group gap={4}>
            {keys.map((key) => (
              <Kbd key={key} size="xs">
                {key}
              </Kbd>
            ))}
          </Group>
        </Group>
      ))}
    </Stack>
  );
}

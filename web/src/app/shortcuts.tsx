import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { createStore, useStore } from '../store.ts';
import { isOffered, screens } from './registry.ts';

const isOpen = createStore(false);
export const openShortcuts = (): void => isOpen.set(true);

const SECOND_KEY_MS = 1200;
const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const everywhere = [
  { keys: ['/'], label: 'Search' },
  { keys: ['Ctrl', 'K'], label: 'Go anywhere, do anything' },
  { keys: ['?'], label: 'Keyboard shortcuts' },
];
const inTables = [
  { keys: ['↑', '↓'], label: 'Row above, row below' },
  { keys: ['Enter'], label: 'Open' },
  { keys: ['Space'], label: 'Select' },
  { keys: ['Esc'], label: 'Close the panel' },
];

/** Listens for them, and shows them on `?`. */
export function Shortcuts() {
  const opened = useStore(isOpen);
  const navigate = useNavigate();
  const viewer = useViewer();
  const places = screens.filter((screen) => screen.shortcut !== undefined && isOffered(viewer, screen));

  useEffect(() => {
    let first: { readonly key: string; readonly at: number } | null = null;
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return;
      if (event.key === '?') return isOpen.set(true);
      if (event.key === '/') {
        event.preventDefault();
        return spotlight.open();
      }
      const typed =
        first !== null && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ${event.key}` : event.key;
      first = { key: event.key, at: event.timeStamp };
      const place = places.find(({ shortcut }) => shortcut === typed);
      if (place !== undefined) void navigate(place.path);
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, places]);

  return (
    <Modal opened={opened} onClose={() => isOpen.set(false)} title="Keyboard shortcuts" centered>
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

import { Button, Checkbox, Popover, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { ChevronDown, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TYPING_MS } from '../typing.ts';
import classes from './data-table.module.css';

/** Searches as somebody types, and keeps to what the URL says when that changes by itself. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const later = useDebouncedCallback((typed: string) => {
    told.current = typed;
    onChange(typed);
  }, TYPING_MS);
  // What comes back of what was told is older than what has been typed since.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  return (
    <TextInput
      size="xs"
      w={260}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={14} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FilterProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** One or several of a few. */
export function Filter({ label, choices, chosen, onChange }: FilterProps) {
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Popover position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" rightSection={<ChevronDown size={13} />}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <Stack gap={8}>
          {choices.map(({ value, label: words }) => (
            <Checkbox
              key={value}
              size="xs"
              label={words}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A filter that is in force, and the way to take it away. */
export function FilterChip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <span className={classes.chip}>
      {label}
      <button type="button" aria-label={`Remove the filter ${label}`} onClick={onRemove}>
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}

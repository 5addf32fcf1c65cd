import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { actionGroups, actionInWords } from '../../components/audit-words.ts';
import bar from '../../components/table/data-table.module.css';
import { Filter, FilterChip } from '../../components/table/filters.tsx';
import type { UrlState } from '../../components/url-state.ts';
import { useMay, useViewer } from '../../session/viewer.ts';
import type { AuditChip } from './audit-filter.ts';
import { dayText } from './audit-filter.ts';
import classes from './audit-page.module.css';
import { Dropdown } from './dropdown.tsx';
import { OrganizationFilter, PersonFilter } from './find-filters.tsx';

const DAY_MS = 86_400_000;

export function AuditFilterBar({ url, chips }: { readonly url: UrlState; readonly chips: readonly AuditChip[] }) {
  const { organization } = useViewer();
  const mayNamePeople = useMay('staff:manage');
  return (
    <search className={bar.bar}>
      <TimeFilter url={url} />
      <ActionFilter chosen={url.list('action')} onChange={(action) => url.set({ action })} />
      <Filter
        label="Result"
        choices={[
          { value: 'refused', label: 'Refused' },
          { value: 'done', label: 'Done' },
        ]}
        chosen={url.list('result')}
        onChange={(chosen) => url.set({ result: chosen.at(-1) ?? null })}
      />
      {mayNamePeople && <PersonFilter onChoose={(actor) => url.set({ actor })} />}
      {organization === null && <OrganizationFilter onChoose={(id) => url.set({ organization: id })} />}
      {chips.map(({ label, without }) => (
        <FilterChip key={label} label={label} onRemove={() => url.set(without)} />
      ))}
    </search>
  );
}

const spans = [
  { label: 'Today', days: 0 },
  { label: '7 days', days: 6 },
  { label: '30 days', days: 29 },
];

function TimeFilter({ url }: { readonly url: UrlState }) {
  return (
    <Dropdown label="Time">
      {() => (
        <Stack gap="xs">
          <Group gap={6}>
            {spans.map(({ label, days }) => (
              <Button
                key={label}
                size="compact-xs"
                variant="light"
                onClick={() => url.set({ since: dayText(Date.now() - days * DAY_MS), through: null })}
              >
                {label}
              </Button>
            ))}
          </Group>
          <TextInput
            type="date"
            size="xs"
            label="From"
            value={url.text('since')}
            onChange={({ currentTarget }) => url.set({ since: currentTarget.value })}
          />
          <TextInput
            type="date"
            size="xs"
            label="Through"
            value={url.text('through')}
            onChange={({ currentTarget }) => url.set({ through: currentTarget.value })}
          />
          <Text size="xs" c="var(--kw-ink-2)">
            Days in UTC; both belong to it.
          </Text>
        </Stack>
      )}
    </Dropdown>
  );
}

interface ActionFilterProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function ActionFilter({ chosen, onChange }: ActionFilterProps) {
  const [typed, setTyped] = useState('');
  const text = typed.trim().toLowerCase();
  const groups = actionGroups.map(({ label, actions }) => ({
    label,
    actions: Object.keys(actions).filter((action) => `${action} ${actionInWords(action)}`.toLowerCase().includes(text)),
  }));
  const toggle = (action: string) =>
    onChange(chosen.includes(action) ? chosen.filter((other) => other !== action) : [...chosen, action]);
  return (
    <Dropdown label="Action" width={300}>
      {() => (
        <Stack gap="xs">
          <TextInput
            size="xs"
            aria-label="Find an action"
            placeholder="Find an action"
            leftSection={<Search size={13} />}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <ScrollArea.Autosize mah={300} type="auto" viewportProps={{ tabIndex: -1 }}>
            {groups.map(({ label, actions }) =>
              actions.length === 0 ? null : (
                <fieldset key={label} className={classes.group}>
                  <legend>{label}</legend>
                  {actions.map((action) => (
                    <Checkbox
                      key={action}
                      size="xs"
                      label={actionInWords(action)}
                      checked={chosen.includes(action)}
                      onChange={() => toggle(action)}
                    />
                  ))}
                </fieldset>
              ),
            )}
            {groups.every(({ actions }) => actions.length === 0) && <Text size="sm">No action is called that.</Text>}
          </ScrollArea.Autosize>
        </Stack>
      )}
    </Dropdown>
  );
}

import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { FindOrganizationsDocument } from '../../app/tenant.graphql.ts';
import { AuditPeopleDocument } from './audit.graphql.ts';
import classes from './audit-page.module.css';
import { Dropdown } from './dropdown.tsx';

const TYPING_MS = 150;

interface Found {
  readonly id: string;
  readonly label: string;
  readonly more: string;
}

interface FinderProps {
  readonly label: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly found: readonly Found[] | null;
  readonly onChoose: (id: string) => void;
}

function Finder({ label, typed, onType, found, onChoose }: FinderProps) {
  return (
    <Stack gap={6}>
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={label}
        leftSection={<Search size={13} />}
        value={typed}
        onChange={({ currentTarget }) => onType(currentTarget.value)}
      />
      {found?.map(({ id, label: name, more }) => (
        <UnstyledButton key={id} className={classes.found} onClick={() => onChoose(id)}>
          <span dir="auto">{name}</span>
          <small dir="auto">{more}</small>
        </UnstyledButton>
      ))}
      {found?.length === 0 && typed.trim() !== '' && <Text size="sm">Nothing is called that.</Text>}
    </Stack>
  );
}

/** Only what one of the staff did. */
export function PersonFilter({ onChoose }: { readonly onChoose: (id: string) => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [{ data }] = useQuery({ query: AuditPeopleDocument, variables: { search }, pause: search === '' });
  const found = data?.staffMembers.nodes.map(({ id, displayName, username }) => ({
    id,
    label: displayName,
    more: username,
  }));
  return (
    <Dropdown label="Person">
      {(close) => (
        <Finder
          label="Find a person"
          typed={typed}
          onType={setTyped}
          found={search === '' ? null : (found ?? null)}
          onChoose={(id) => {
            close();
            onChoose(id);
          }}
        />
      )}
    </Dropdown>
  );
}

/** Only what was done to one organization. */
export function OrganizationFilter({ onChoose }: { readonly onChoose: (id: string) => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [{ data }] = useQuery({ query: FindOrganizationsDocument, variables: { search }, pause: search === '' });
  const found = data?.organizations.nodes.map(({ id, name, serviceProvider }) => ({
    id,
    label: name,
    more: serviceProvider.name,
  }));
  return (
    <Dropdown label="Organization">
      {(close) => (
        <Finder
          label="Find an organization"
          typed={typed}
          onType={setTyped}
          found={search === '' ? null : (found ?? null)}
          onChoose={(id) => {
            close();
            onChoose(id);
          }}
        />
      )}
    </Dropdown>
  );
}

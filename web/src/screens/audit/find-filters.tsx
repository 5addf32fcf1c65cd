import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useFoundOrganizations } from '../../components/organizations/found-organizations.ts';
import { useTyped } from '../../components/typing.ts';
import { AuditPeopleDocument } from './audit.graphql.ts';
import classes from './audit-page.module.css';
import { Dropdown } from './dropdown.tsx';

const MOST_FOUND = 8;

interface Found {
  readonly id: string;
  readonly label: string;
  readonly more: string;
}

interface FinderProps {
  readonly label: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly found: readonly Found[];
  readonly nothingFound: string;
  readonly onChoose: (id: string) => void;
}

function Finder({ label, typed, onType, found, nothingFound, onChoose }: FinderProps) {
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
      {found.map(({ id, label: name, more }) => (
        <UnstyledButton key={id} className={classes.found} onClick={() => onChoose(id)}>
          <span dir="auto">{name}</span>
          <small dir="auto">{more}</small>
        </UnstyledButton>
      ))}
      {found.length === 0 && typed.trim() !== '' && <Text size="sm">{nothingFound}</Text>}
    </Stack>
  );
}

/** Only what one of the staff did. */
export function PersonFilter({ onChoose }: { readonly onChoose: (id: string) => void }) {
  const [typed, setTyped] = useState('');
  const search = useTyped(typed);
  const [{ data, error, fetching }] = useQuery({
    query: AuditPeopleDocument,
    variables: { search },
    pause: search === '',
  });
  const found = data?.staffMembers.nodes.map(({ id, displayName, username }) => ({
    id,
    label: displayName,
    more: username,
  }));
  const nothing =
    error !== undefined && data === undefined ? 'They could not be looked up now' : 'Nobody is called that';
  const nothingFound = fetching || search !== typed.trim() ? 'Looking' : nothing;
  return (
    <Dropdown label="Person">
      {(close) => (
        <Finder
          label="Find a person"
          typed={typed}
          onType={setTyped}
          found={search === '' ? [] : (found ?? [])}
          nothingFound={nothingFound}
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
  const { found, nothingFound } = useFoundOrganizations({ typed, first: MOST_FOUND, withoutSearch: false });
  return (
    <Dropdown label="Organization">
      {(close) => (
        <Finder
          label="Find an organization"
          typed={typed}
          onType={setTyped}
          found={found.map(({ id, name, serviceProvider }) => ({ id, label: name, more: serviceProvider.name }))}
          nothingFound={nothingFound}
          onChoose={(id) => {
            close();
            onChoose(id);
          }}
        />
      )}
    </Dropdown>
  );
}

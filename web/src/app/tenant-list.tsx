import { Combobox, ScrollArea, useCombobox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { nothingFoundAmong, TENANT_PARAMETER, useTenantList } from './tenant.ts';
import { TenantButton } from './tenant-button.tsx';

interface TenantListProps {
  /** Where the viewer is at home. */
  readonly home: string;
  readonly isPlatform: boolean;
}

/** The providers in sight, beneath the button that opens them. */
export default function TenantList({ home, isPlatform }: TenantListProps) {
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: (source) => {
      setSearch('');
      if (source === 'keyboard') combobox.focusTarget();
    },
  });
  const { openDropdown } = combobox;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it comes because somebody has asked for it
  useEffect(openDropdown, []);
  const [search, setSearch] = useState('');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const ownId = useViewer().serviceProvider?.id;
  const list = useTenantList();
  const tenants = list.rows.filter(
    ({ id, name }) => id !== ownId && name.toLowerCase().includes(search.trim().toLowerCase()),
  );

  function choose(id: string) {
    const next = new URLSearchParams();
    if (id !== '') next.set(TENANT_PARAMETER, id);
    combobox.closeDropdown();
    void navigate(`/organizations?${next}`);
  }

  return (
    <Combobox store={combobox} width={300} position="bottom-start" onOptionSubmit={choose} withinPortal>
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <TenantButton isOpen={combobox.dropdownOpened} onClick={() => combobox.toggleDropdown()} />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder="Find a provider"
          aria-label="Find a provider"
        />
        <Combobox.Options aria-label="Tenants">
          <ScrollArea.Autosize mah={320}>
            {search === '' && (
              <Combobox.Option value="">{isPlatform ? 'All providers' : `All of ${home}`}</Combobox.Option>
            )}
            {tenants.map(({ id, name, parent }) => (
              <Combobox.Option key={id} value={id} active={params.get(TENANT_PARAMETER) === id} dir="auto">
                {parent !== null && parent.id !== ownId ? `${parent.name} › ${name}` : name}
              </Combobox.Option>
            ))}
            {(tenants.length === 0 || list.failure !== null) && (
              <Combobox.Empty>{nothingFoundAmong(list)}</Combobox.Empty>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

import { Combobox, ScrollArea, UnstyledButton, useCombobox } from '@mantine/core';
import { ChevronRight, ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { isPlatformStaff, useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { type Crumb, crumbs } from './crumbs.tsx';
import classes from './shell.module.css';
import { TENANT_PARAMETER, useTenantId, useTenants } from './tenant.ts';

/** Provider › reseller › organization; the tenant in it can be switched. */
export function Breadcrumb() {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const tenants = useTenants();
  const path = useStore(crumbs);
  const home = viewer.serviceProvider?.name ?? (viewer.organization === null ? 'All providers' : null);
  const tenant = tenants.find(({ id }) => id === tenantId);
  const narrowed: Crumb[] =
    tenant === undefined || tenant.id === viewer.serviceProvider?.id ? [] : [{ label: tenant.name }];
  const rest = path.length > 0 ? path.filter(({ label }) => label !== home) : narrowed;
  const all = [...(home === null ? [] : [{ label: home, to: '/organizations' }]), ...rest];
  return (
    <nav className={classes.crumbs} aria-label="Tenant">
      <ol>
        {all.map(({ label, to }, index) => (
          <li key={label}>
            {index > 0 && <ChevronRight size={14} className={classes.separator} aria-hidden />}
            {index === all.length - 1 || to === undefined ? (
              <span
                className={classes.crumb}
                aria-current={index === all.length - 1 ? 'page' : undefined}
                title={label}
                dir="auto"
              >
                {label}
              </span>
            ) : (
              <Link className={classes.crumb} to={to} title={label} dir="auto">
                {label}
              </Link>
            )}
          </li>
        ))}
      </ol>
      {tenants.length > 1 && <TenantSwitcher home={home ?? ''} isPlatform={isPlatformStaff(viewer)} />}
    </nav>
  );
}

function TenantSwitcher({ home, isPlatform }: { readonly home: string; readonly isPlatform: boolean }) {
  const combobox = useCombobox({ onDropdownClose: () => setSearch('') });
  const [search, setSearch] = useState('');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const ownId = useViewer().serviceProvider?.id;
  const tenants = useTenants().filter(
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
        <UnstyledButton
          aria-label="Switch tenant"
          aria-expanded={combobox.dropdownOpened}
          p={4}
          display="flex"
          onClick={() => combobox.toggleDropdown()}
        >
          <ChevronsUpDown size={15} aria-hidden />
        </UnstyledButton>
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
            {tenants.length === 0 && <Combobox.Empty>No provider is called that</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

import { Burger, Drawer, Kbd } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Mark } from './mark.tsx';
import { MeMenu } from './me-menu.tsx';
import { Notices } from './notices.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { homeOf, railOf } from './registry.ts';
import classes from './shell.module.css';
import { Shortcuts } from './shortcuts.tsx';
import { TENANT_PARAMETER, useForeignTenant, useTenantId } from './tenant.ts';

/** What is around every screen. */
export function Shell() {
  const viewer = useViewer();
  const [isRailOpen, setIsRailOpen] = useState(false);
  const { pathname } = useLocation();
  const foreign = useForeignTenant();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the rail
  useEffect(() => setIsRailOpen(false), [pathname]);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <NavLink to={homeOf(viewer)} className={classes.brand} aria-label="Keyward, to the beginning">
        <Mark size={24} />
        Keyward
      </NavLink>
      <header className={classes.top} data-foreign={foreign === null ? undefined : true}>
        <Burger
          className={classes.burger}
          size="sm"
          opened={isRailOpen}
          onClick={() => setIsRailOpen(true)}
          aria-label="Open the menu"
        />
        <Breadcrumb />
        {foreign !== null && (
          <span className={classes.foreign} title={foreign}>
            {foreign}
          </span>
        )}
        <button type="button" className={classes.search} onClick={spotlight.open} aria-label="Search">
          <Search size={15} aria-hidden />
          <span>Search</span>
          <Kbd size="xs">/</Kbd>
        </button>
        <Notices />
        <MeMenu />
      </header>
      <Rail />
      <Drawer
        opened={isRailOpen}
        onClose={() => setIsRailOpen(false)}
        size={260}
        title="Keyward"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
      >
        <Rail isInDrawer />
      </Drawer>
      <main className={classes.main} id="main" tabIndex={-1}>
        <OfflineNotice />
        <Outlet />
      </main>
      <CommandPalette />
      <Shortcuts />
    </div>
  );
}

function Rail({ isInDrawer = false }: { readonly isInDrawer?: boolean }) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const search = tenantId === null ? '' : `?${TENANT_PARAMETER}=${encodeURIComponent(tenantId)}`;
  return (
    <nav className={classes.rail} aria-label="Main" data-drawer={isInDrawer || undefined}>
      {railOf(viewer).map(({ path, label, rail: { icon: Icon } }) => (
        <NavLink key={path} to={{ pathname: path, search }} className={classes.item}>
          <Icon size={17} aria-hidden />
          {label}
        </NavLink>
      ))}
    </nav>
  );
}

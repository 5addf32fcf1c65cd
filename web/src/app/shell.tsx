import { Burger, Kbd } from '@mantine/core';
import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { useHasBeen, whenIdle } from './later.ts';
import { Mark } from './mark.tsx';
import { MeMenu } from './me-menu.tsx';
import { Notices } from './notices.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { openPalette, paletteWishes } from './palette.ts';
import { Rail } from './rail.tsx';
import { homeOf } from './registry.ts';
import classes from './shell.module.css';
import { areShortcutsOpen, useShortcuts } from './shortcuts.ts';
import { useForeignTenant } from './tenant.ts';

const loadPalette = () => import('./command-palette.tsx');
const loadDrawer = () => import('./rail-drawer.tsx');
const loadLive = () => import('./live.ts');
const loadShortcuts = () => import('./shortcuts-dialog.tsx');
const CommandPalette = lazy(loadPalette);
const RailDrawer = lazy(loadDrawer);
const ShortcutsDialog = lazy(loadShortcuts);

/** What happens elsewhere is told once the first screen is there. */
function listenWhenIdle(): () => void {
  let stop: (() => void) | null = null;
  let isGone = false;
  const cancel = whenIdle(async () => {
    const { listenForEvents } = await loadLive();
    if (!isGone) stop = listenForEvents();
  });
  return () => {
    isGone = true;
    cancel();
    stop?.();
  };
}

/** What is around every screen. */
export function Shell() {
  const viewer = useViewer();
  const [isRailOpen, setIsRailOpen] = useState(false);
  const { pathname } = useLocation();
  const foreign = useForeignTenant();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the rail
  useEffect(() => setIsRailOpen(false), [pathname]);
  useEffect(() => whenIdle(() => Promise.all([loadPalette(), loadDrawer(), loadShortcuts()])), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: under a delegation somebody sees other events
  useEffect(() => listenWhenIdle(), [viewer.id, viewer.onBehalfOf]);
  useShortcuts();
  const hasPalette = useStore(paletteWishes) > 0;
  const hasDrawer = useHasBeen(isRailOpen);
  const hasShortcuts = useHasBeen(useStore(areShortcutsOpen));
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
        <button type="button" className={classes.search} onClick={openPalette} aria-label="Search">
          <Search size={15} aria-hidden />
          <span>Search</span>
          <Kbd size="xs">/</Kbd>
        </button>
        <Notices />
        <MeMenu />
      </header>
      <Rail />
      <main className={classes.main} id="main" tabIndex={-1}>
        <OfflineNotice />
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {hasDrawer && <RailDrawer opened={isRailOpen} onClose={() => setIsRailOpen(false)} />}
        {hasPalette && <CommandPalette />}
        {hasShortcuts && <ShortcutsDialog />}
      </Suspense>
    </div>
  );
}

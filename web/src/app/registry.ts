import { Building2 } from 'lucide-react';
import { matchPath } from 'react-router';
import { isPlatformStaff, type Viewer } from '../session/viewer.ts';
import { loadPage } from './page.ts';
import type { OrganizationTab, Screen } from './screen.ts';

function inOrder<Module>(modules: Record<string, { readonly default: Module }>): Module[] {
  return Object.values(modules).map((module) => module.default);
}

/** Every `*.screen.ts` beneath screens/: a new one needs no other file to be touched. */
export const screens: readonly Screen[] = inOrder<Screen>(
  import.meta.glob('../screens/**/*.screen.ts', { eager: true }),
);

/** Every `*.tab.ts` beneath screens/organization/. */
export const organizationTabs: readonly OrganizationTab[] = inOrder<OrganizationTab>(
  import.meta.glob('../screens/organization/**/*.tab.ts', { eager: true }),
).sort((a, b) => a.order - b.order);

export function isOffered(viewer: Viewer, { permission, isFor }: Screen): boolean {
  const isAllowed = permission === undefined || [permission].flat().some((each) => viewer.permissions.includes(each));
  return isAllowed && (isFor?.(viewer) ?? true);
}

/** Begins to load the screen of an address, and what it shows, while it is still being asked who is there. */
export function preload({ pathname, search }: Location): void {
  const screen = screens.find(({ path }) => matchPath(path, pathname) !== null);
  if (screen === undefined) return;
  loadPage(screen.load).then(
    ({ begin }) => begin?.(new URLSearchParams(search)),
    () => undefined, // whoever gets there is told of it
  );
}

interface RailItem {
  readonly path: string;
  readonly label: string;
  readonly rail: NonNullable<Screen['rail']>;
}

/** What stands in the rail for this viewer, in its order: for an organization's own people their organization first. */
export function railOf(viewer: Viewer): readonly RailItem[] {
  const own = ownOrganizationPath(viewer);
  const offered = screens
    .flatMap((screen) =>
      screen.rail === undefined || !isOffered(viewer, screen) ? [] : [{ ...screen, rail: screen.rail }],
    )
    .sort((a, b) => a.rail.order - b.rail.order);
  return own === null
    ? offered
    : [{ path: own, label: 'Organization', rail: { icon: Building2, order: 0 } }, ...offered];
}

function ownOrganizationPath(viewer: Viewer): string | null {
  const isOwn = viewer.organization !== null && !isPlatformStaff(viewer);
  return isOwn ? `/organizations/${viewer.organization.id}` : null;
}

/** The item of the rail that somebody is at, as the path that it or its beginning leads to. */
export function placeInRail(pathname: string): string {
  return screens.find(({ path }) => matchPath(path, pathname) !== null)?.partOf ?? pathname;
}

/** Where the console begins for this viewer. */
export function homeOf(viewer: Viewer): string {
  return ownOrganizationPath(viewer) ?? railOf(viewer)[0]?.path ?? '/organizations';
}

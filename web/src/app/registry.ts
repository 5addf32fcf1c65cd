import { matchPath } from 'react-router';
import { isPlatformStaff, type Viewer } from '../session/viewer.ts';
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
  return (permission === undefined || viewer.permissions.includes(permission)) && (isFor?.(viewer) ?? true);
}

/** Begins to load the screen of an address while it is still being asked who is there. */
export function preload(pathname: string): void {
  const screen = screens.find(({ path }) => matchPath(path, pathname) !== null);
  void screen?.load().catch(() => undefined); // whoever gets there is told of it
}

/** What stands in the rail for this viewer, in its order. */
export function railOf(viewer: Viewer): (Screen & { readonly rail: NonNullable<Screen['rail']> })[] {
  return screens
    .flatMap((screen) =>
      screen.rail === undefined || !isOffered(viewer, screen) ? [] : [{ ...screen, rail: screen.rail }],
    )
    .sort((a, b) => a.rail.order - b.rail.order);
}

/** Where the console begins for this viewer. */
export function homeOf(viewer: Viewer): string {
  if (viewer.organization !== null && !isPlatformStaff(viewer)) return `/organizations/${viewer.organization.id}`;
  return railOf(viewer)[0]?.path ?? '/organizations';
}

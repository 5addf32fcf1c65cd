import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Permission, Viewer } from '../session/viewer.ts';

/** A page, and, where it has one, a question that it asks in any case. */
export interface PageModule {
  readonly default: ComponentType;
  /** Asks it, with what stands behind the `?`, while the console still starts. */
  readonly begin?: (params: URLSearchParams) => void;
}

/** A page of the console, as its `x.screen.ts` declares it; the page itself is loaded when somebody goes there. */
export interface Screen {
  /** `/organizations`, or with parameters: `/organizations/:organizationId`. */
  readonly path: string;
  readonly label: string;
  readonly load: () => Promise<PageModule>;
  /** Without it the screen is not offered, and says so to whoever comes by its address. Of several any will do. */
  readonly permission?: Permission | readonly Permission[];
  /** Further than permissions can say: staff of a provider, or not on behalf of another. */
  readonly isFor?: (viewer: Viewer) => boolean;
  /** Of the rail; a screen without one is reached from others. */
  readonly rail?: { readonly icon: LucideIcon; readonly order: number };
  /** The path of the screen whose item of the rail it goes by, where its own path does not say so. */
  readonly partOf?: string;
  /** Two keys after each other: `g o`. */
  readonly shortcut?: string;
}

/** A tab of an organization's page, as its `x.tab.ts` declares it. */
export interface OrganizationTab {
  /** Its place beneath `/organizations/:organizationId/`. */
  readonly path: string;
  readonly label: string;
  readonly order: number;
  readonly load: () => Promise<{ readonly default: ComponentType<OrganizationTabProps> }>;
  readonly permission?: Permission;
}

export interface OrganizationTabProps {
  readonly organizationId: string;
}

/** Staff of a provider or of the platform: whoever sees more than one organization. */
export function isStaff(viewer: Viewer): boolean {
  return viewer.organization === null;
}

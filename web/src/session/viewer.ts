import { createContext, use } from 'react';
import type { ViewerQuery } from './viewer.graphql.ts';

export type Viewer = ViewerQuery['viewer'];

/** As the API names them; see `Viewer.permissions`. */
export type Permission =
  | 'apiKey:view'
  | 'apiKey:reveal'
  | 'apiKey:manage'
  | 'apiKey:sync'
  | 'apiKey:enable'
  | 'subscription:manage'
  | 'organization:manage'
  | 'provider:manage'
  | 'staff:manage'
  | 'audit:view'
  | 'webhook:manage'
  | 'rotation:manage';

export const ViewerContext = createContext<Viewer | null>(null);

/** Who is signed in. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (viewer === null) throw new Error('useViewer is for screens behind the sign-in');
  return viewer;
}

/** Whether to offer it at all. What the state of a thing forbids is in its `allowedActions`. */
export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission);
}

/** Staff of the platform belong to no provider. */
export function isPlatformStaff(viewer: Viewer): boolean {
  return viewer.serviceProvider === null && viewer.organization === null;
}

/** Why one's own password and sessions cannot be changed now; null: they can. Under a right that was lent one is not oneself. */
export function whyNotOwnAccount({ onBehalfOf }: Viewer): string | null {
  return onBehalfOf === null ? null : `You act on behalf of ${onBehalfOf}. Stop that first, in the account menu.`;
}

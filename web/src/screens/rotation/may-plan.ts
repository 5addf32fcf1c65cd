import type { Viewer } from '../../session/viewer.ts';

/** One string for all takes the one, new ones for each the other. */
export const planPermissions = ['apiKey:sync', 'apiKey:manage'] as const;

/** Under a delegation nothing is planned: it would outlast it. */
export function mayPlan({ permissions, onBehalfOf }: Viewer): boolean {
  return onBehalfOf === null && planPermissions.some((permission) => permissions.includes(permission));
}

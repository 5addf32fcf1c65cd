import type { Viewer } from '../../session/viewer.ts';

/** One string for all takes the one, new ones for each the other. */
export const planPermissions = ['apiKey:sync', 'apiKey:manage'] as const;

export function mayPlan({ permissions }: Viewer): boolean {
  return planPermissions.some((permission) => permissions.includes(permission));
}

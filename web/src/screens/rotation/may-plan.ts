import type { Viewer } from '../../session/viewer.ts';

/** One string for all takes the one, new ones for each the other. */
export function mayPlan({ permissions }: Viewer): boolean {
  return permissions.includes('apiKey:sync') || permissions.includes('apiKey:manage');
}

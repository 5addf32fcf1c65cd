import { validationFailed } from '../errors.ts';
import type { SharedString } from '../fleet/fleet.ts';
import { NIL_ID } from '../ids.ts';
import { invalidCursor, type PageRequest, type Position } from '../page.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';

/** The organizations in sight whose `CLOUD_SERVICE` slots hold one string. */
export interface ApiKeyGroup extends SharedString {
  readonly organizationCount: number;
}

/** Who is not on the string of the rest. */
export interface ApiKeyDrift {
  readonly serviceProvider: ServiceProvider;
  /** Null while no two organizations share a string. */
  readonly largestGroup: ApiKeyGroup | null;
  /** How many hold another string than the largest group's; 0 while there is none. */
  readonly driftedCount: number;
  /** How many hold no string. */
  readonly emptyCount: number;
}

/** One string in one organization is nobody's to share. */
export const LEAST_SHARING = 2;

/** Where a page of groups begins: largest first, then by fingerprint, of which no two roots have one in common. */
export type GroupPosition = Pick<ApiKeyGroup, 'organizationCount' | 'fingerprint'>;

export function positionOf({ organizationCount, fingerprint }: GroupPosition): Position {
  return { value: `${organizationCount} ${fingerprint}`, id: NIL_ID };
}

/** @throws DomainError `VALIDATION_FAILED` */
export function groupPositionOf({ after }: PageRequest): GroupPosition | null {
  if (after === null) return null;
  const [, count, fingerprint] = /^(\d{1,9}) ([0-9a-f]{64})$/.exec(after.value) ?? [];
  if (count === undefined || fingerprint === undefined) throw invalidCursor();
  return { organizationCount: Number(count), fingerprint };
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseMinimumCount(given: number): number {
  if (given < 1) throw validationFailed('minimumCount', 'minimumCount must be at least 1.');
  return given;
}

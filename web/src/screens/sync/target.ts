import type { Selection } from '../../components/table/selection.ts';
import { plural } from '../../components/time.ts';
import type { OrganizationFilter } from './sync.graphql.ts';

/** Which organizations a command is about. */
export type BulkTarget =
  | { readonly kind: 'THESE'; readonly ids: readonly string[] }
  /** Null: that many as the filter finds, which is not known yet. */
  | { readonly kind: 'MATCHING'; readonly filter: OrganizationFilter; readonly total: number | null };

export function targetOf(selection: Selection, filter: OrganizationFilter, total: number | null): BulkTarget {
  return selection.kind === 'ALL_THAT_MATCH'
    ? { kind: 'MATCHING', filter, total }
    : { kind: 'THESE', ids: [...selection.ids] };
}

/** As every command over many organizations takes it. */
export function targetInput(
  target: BulkTarget,
): { organizationIds: readonly string[] } | { filter: OrganizationFilter } {
  return target.kind === 'THESE' ? { organizationIds: target.ids } : { filter: target.filter };
}

/** The same, now that so many were found. */
export function counted(target: BulkTarget, total: number): BulkTarget {
  return target.kind === 'MATCHING' ? { ...target, total } : target;
}

/** Null: not known yet. */
export function countOf(target: BulkTarget): number | null {
  return target.kind === 'THESE' ? target.ids.length : target.total;
}

export function targetInWords(target: BulkTarget): string {
  const count = countOf(target);
  return count === null ? 'organizations that match' : plural(count, 'organization');
}

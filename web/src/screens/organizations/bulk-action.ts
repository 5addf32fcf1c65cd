import type { ComponentType } from 'react';
import type { Selection } from '../../components/table/selection.ts';
import type { Permission } from '../../session/viewer.ts';
import type { OrganizationFilter } from './organizations.graphql.ts';

/** What can be done with selected organizations, as an `x.bulk-action.tsx` beneath screens/ declares it. */
export interface BulkAction {
  readonly label: string;
  readonly order: number;
  readonly permission: Permission;
  /** A button of the selection bar, with the dialog that it opens. */
  readonly Button: ComponentType<BulkActionProps>;
}

export interface BulkActionProps {
  readonly selection: Selection;
  /** What "all that match" means. */
  readonly filter: OrganizationFilter;
  readonly total: number | null;
  readonly onDone: () => void;
}

const modules: Record<string, { readonly default: BulkAction }> = import.meta.glob('../**/*.bulk-action.tsx', {
  eager: true,
});

export const bulkActions: readonly BulkAction[] = Object.values(modules)
  .map((module) => module.default)
  .sort((a, b) => a.order - b.order);

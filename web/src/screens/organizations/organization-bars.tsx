import classes from '../../components/table/data-table.module.css';
import { Filter, FilterChip, SearchField } from '../../components/table/filters.tsx';
import { NOTHING, type Selection } from '../../components/table/selection.ts';
import { SelectionBar } from '../../components/table/selection-bar.tsx';
import type { UrlState } from '../../components/url-state.ts';
import { useViewer } from '../../session/viewer.ts';
import { bulkActions } from './bulk-action.ts';
import { type Chip, organizationFilters, parameterOf } from './organization-filter.ts';
import type { OrganizationFilter } from './organizations.graphql.ts';

export function FilterBar({ url, chips }: { readonly url: UrlState; readonly chips: readonly Chip[] }) {
  return (
    <search className={classes.bar}>
      <SearchField label="Search by name or external id" value={url.text('q')} onChange={(q) => url.set({ q })} />
      {organizationFilters.map((filter) => (
        <Filter
          key={filter.name}
          label={filter.label}
          choices={filter.choices}
          chosen={url.list(filter.name)}
          onChange={(ticked) => url.set(parameterOf(filter, ticked))}
        />
      ))}
      {chips.map(({ label, without }) => (
        <FilterChip key={label} label={label} onRemove={() => url.set(without)} />
      ))}
    </search>
  );
}

interface OrganizationSelectionBarProps {
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly filter: OrganizationFilter;
  readonly total: number | null;
}

export function OrganizationSelectionBar({ selection, onSelection, filter, total }: OrganizationSelectionBarProps) {
  const { permissions } = useViewer();
  return (
    <SelectionBar selection={selection} onSelection={onSelection} total={total} what="organization">
      {bulkActions
        .filter(({ permission }) => permissions.includes(permission))
        .map(({ label, Button }) => (
          <Button key={label} selection={selection} filter={filter} total={total} onDone={() => onSelection(NOTHING)} />
        ))}
    </SelectionBar>
  );
}

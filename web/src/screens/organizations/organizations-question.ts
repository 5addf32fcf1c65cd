import { parseSort, type Sort } from '../../components/table/column.ts';
import type { Layout } from '../../components/table/layout.ts';
import type { UrlWords } from '../../components/url-state.ts';
import { USAGE_COLUMN } from './organization-columns.tsx';
import { organizationFilterOf } from './organization-filter.ts';
import type { OrganizationOrderField } from './organizations.graphql.ts';

const sortable: readonly OrganizationOrderField[] = [
  'NAME',
  'SUBSCRIPTION_ENDS_AT',
  'KEY_LAST_MODIFIED_AT',
  'CREATED_AT',
];

export function sortOf(url: UrlWords): Sort {
  return parseSort(url.text('sort'), sortable) ?? { field: 'NAME', direction: 'ASC' };
}

/** What the table asks for, by what stands in the URL and which columns are shown. */
export function questionOf(url: UrlWords, { hidden }: Layout) {
  const { field, direction } = sortOf(url);
  const orderBy = { field: sortable.find((each) => each === field) ?? 'NAME', direction };
  return { filter: organizationFilterOf(url), orderBy, withUsage: !hidden.includes(USAGE_COLUMN) };
}

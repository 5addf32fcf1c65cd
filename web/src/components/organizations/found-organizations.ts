import type { OptionsFilter } from '@mantine/core';
import { useQuery } from 'urql';
import { useTyped } from '../typing.ts';
import {
  FoundOrganizationsDocument,
  type FoundOrganizationsQuery,
  type OrganizationFilter,
} from './found-organizations.graphql.ts';

export type FoundOrganization = FoundOrganizationsQuery['organizations']['nodes'][number];

interface Question {
  /** As it stands in the field. */
  readonly typed: string;
  /** Those to look among; left out: all in sight. */
  readonly among?: OrganizationFilter;
  readonly first?: number;
  /** Whether the first of all are found while nothing is typed. */
  readonly withoutSearch?: boolean;
  readonly pause?: boolean;
  /** Who is not called that, where there is no such organization. */
  readonly nobody?: string;
}

const MOST_FOUND = 50;

/** Organizations by name or external id, as the server finds them, and what to say where there is none. */
export function useFoundOrganizations(question: Question) {
  const {
    typed,
    among = {},
    first = MOST_FOUND,
    withoutSearch = true,
    pause = false,
    nobody = 'No organization',
  } = question;
  const search = useTyped(typed);
  const isPaused = pause || (search === '' && !withoutSearch);
  const [{ data, error, fetching }] = useQuery({
    query: FoundOrganizationsDocument,
    variables: { filter: { ...among, search: search || null }, first },
    pause: isPaused,
  });
  const isLooking = fetching || search !== typed.trim();
  const isUnknown = error !== undefined && data === undefined;
  const nothing = isUnknown ? 'Organizations could not be looked up now' : `${nobody} is called that`;
  return {
    found: isPaused ? [] : (data?.organizations.nodes ?? []),
    isUnknown,
    nothingFound: isLooking ? 'Looking' : nothing,
  };
}

/** While somebody searches, only what the server has found: it knows more names than are on the list. */
export function onlyFound(found: readonly { readonly id: string }[]): OptionsFilter {
  const ids = new Set(found.map(({ id }) => id));
  return ({ options, search }) =>
    search.trim() === '' ? options : options.filter((option) => 'value' in option && ids.has(option.value));
}

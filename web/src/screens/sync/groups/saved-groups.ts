import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { useWholeList, type WholeList } from '../../../graphql/use-whole-list.ts';
import { SavedGroupsDocument, type SavedGroupsQuery } from './saved-groups.graphql.ts';

export type SavedGroup = SavedGroupsQuery['organizationGroups']['nodes'][number];

/** Every saved group in sight, or of a provider and the resellers below it. */
export function useSavedGroups(serviceProviderId: string | null): WholeList<SavedGroup> {
  const question = { query: SavedGroupsDocument, variables: { serviceProviderId } };
  const response = useFreshQuery(question);
  return useWholeList({
    ...question,
    response,
    restPolicy: 'network-only',
    connectionOf: (data) => data.organizationGroups,
  });
}

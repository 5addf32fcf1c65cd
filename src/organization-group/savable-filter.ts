import { DomainError, validationFailed } from '../errors.ts';
import { type FleetFilter, refuseBadFilter, type SavedFilter } from '../fleet/fleet.ts';

/**
 * What of a list's filter a group can keep: all but organizations and other groups.
 * @throws DomainError `VALIDATION_FAILED`, with the path of what is wrong within `filter`
 */
export function savableFilter(filter: FleetFilter): SavedFilter {
  try {
    refuseBadFilter(filter);
    return conditionsOf(filter);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, error.message, ['filter', ...(error.field ?? [])]);
  }
}

function conditionsOf({ organizations, group, ...conditions }: FleetFilter): SavedFilter {
  const { search } = conditions;
  if (organizations !== null) throw validationFailed('ids', 'Give organizationIds instead of a filter by ids.');
  if (group !== null) throw validationFailed('groupId', 'A group may not be made of another group.');
  if (search !== null && !search.isWellFormed()) throw validationFailed('search', 'Search for plain text.');
  return conditions;
}

import { Button, Radio, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useTenantId, useTenantSearch, useTenants } from '../../../app/tenant.ts';
import { Filter, FilterChip, SearchField } from '../../../components/table/filters.tsx';
import { plural } from '../../../components/time.ts';
import { type UrlState, useUrlState } from '../../../components/url-state.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import {
  chipsOf,
  organizationFilterOf,
  organizationFilters,
  parameterOf,
} from '../../organizations/organization-filter.ts';
import { GroupSelect } from '../groups/group-select.tsx';
import { MatchingCountDocument } from '../sync.graphql.ts';
import classes from '../sync.module.css';
import type { BulkTarget } from '../target.ts';

/** Organizations by filter or saved group, as the URL has it, and where they are chosen. */
export function useChosenTarget(): { readonly target: BulkTarget; readonly chooser: ReactNode } {
  const url = useUrlState();
  const filter = organizationFilterOf(url);
  const isByGroup = url.text('by') === 'group';
  const isUnchosen = isByGroup && filter.groupId === null;
  const [{ data, error, stale, fetching }] = useFreshQuery({
    query: MatchingCountDocument,
    variables: { filter },
    pause: isUnchosen,
  });
  const total = data === undefined || (fetching && !stale) ? null : data.organizations.totalCount;
  return {
    target: { kind: 'MATCHING', filter, total: isUnchosen ? 0 : total },
    chooser: (
      <Chooser
        url={url}
        total={isUnchosen ? null : total}
        isUncounted={error !== undefined && data === undefined}
        isByGroup={isByGroup}
      />
    ),
  };
}

interface ChooserProps {
  readonly url: UrlState;
  readonly total: number | null;
  /** They could not be counted. */
  readonly isUncounted: boolean;
  readonly isByGroup: boolean;
}

function Chooser({ url, total, isUncounted, isByGroup }: ChooserProps) {
  const tenantId = useTenantId();
  const search = useTenantSearch();
  const tenant = useTenants().find(({ id }) => id === tenantId);
  const chips = chipsOf(url);
  return (
    <fieldset className={classes.fieldset}>
      <legend>Which organizations</legend>
      <Radio.Group
        aria-label="How they are chosen"
        value={isByGroup ? 'group' : 'filter'}
        onChange={(by) => url.set({ by: by === 'group' ? by : null, group: null })}
      >
        <div className={classes.ways}>
          <Radio size="xs" value="filter" label="By filter" />
          <Radio size="xs" value="group" label="A saved group" />
          <Link to={`/sync/drift${search}`} className={classes.way}>
            Those that have drifted
          </Link>
          <Link to={`/organizations${search}`} className={classes.way}>
            Select them from the table
          </Link>
        </div>
      </Radio.Group>
      {isByGroup ? (
        <GroupSelect maw={420} value={url.text('group') || null} onChange={(group) => url.set({ group })} />
      ) : (
        <search className={classes.filters}>
          <SearchField label="Name or external id" value={url.text('q')} onChange={(q) => url.set({ q })} />
          {organizationFilters.map((each) => (
            <Filter
              key={each.name}
              label={each.label}
              choices={each.choices}
              chosen={url.list(each.name)}
              onChange={(ticked) => url.set(parameterOf(each, ticked))}
            />
          ))}
          {chips.map(({ label, without }) => (
            <FilterChip key={label} label={label} onRemove={() => url.set(without)} />
          ))}
        </search>
      )}
      <Text size="sm" role="status" component="div">
        {isByGroup && url.text('group') === '' ? (
          'Choose a group'
        ) : total === null ? (
          isUncounted ? (
            'They could not be counted now. What would happen can be seen all the same.'
          ) : (
            'Counting'
          )
        ) : (
          <>
            <b>{plural(total, 'organization')}</b>
            {tenant !== undefined && (
              <>
                {' of '}
                <span dir="auto">{tenant.name}</span>
              </>
            )}
            {chips.length === 0 && url.text('q') === '' && !isByGroup ? ': every one in sight' : ' in all'}
          </>
        )}
        {total !== null && total > 0 && (
          <Button
            component={Link}
            to={{ pathname: '/organizations', search: url.search }}
            size="compact-xs"
            variant="subtle"
            ml={4}
          >
            See them
          </Button>
        )}
      </Text>
    </fieldset>
  );
}

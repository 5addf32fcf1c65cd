import { Button } from '@mantine/core';
import { History } from 'lucide-react';
import type { OrganizationTabProps } from '../../../app/screen.ts';
import { EmptyState, ErrorState, NothingFound, PageSkeleton } from '../../../components/states.tsx';
import { Filter, FilterChip } from '../../../components/table/filters.tsx';
import { useUrlState } from '../../../components/url-state.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { about } from './about.ts';
import { OrganizationAuditDocument } from './audit.graphql.ts';
import { type AuditEvent, AuditEventItem } from './audit-event-item.tsx';
import classes from './audit-tab.module.css';
import { daysOf } from './days-of.ts';

/** Everything that was done to an organization, or refused: the newest first. */
export default function AuditTab({ organizationId }: OrganizationTabProps) {
  const url = useUrlState();
  const chosen = about.filter(({ value }) => url.list('about').includes(value));
  const action = chosen.length === 0 ? null : chosen.flatMap(({ actions }) => actions);
  const pages = usePages(OrganizationAuditDocument, { filter: { organizationId, action } }, (data) => data.auditEvents);
  const events = pages.rows.flatMap((event): AuditEvent[] => (event === undefined ? [] : [event]));
  return (
    <div className={classes.page}>
      <search className={classes.bar}>
        <Filter
          label="About"
          choices={about}
          chosen={chosen.map(({ value }) => value)}
          onChange={(next) => url.set({ about: next })}
        />
        {chosen.map(({ value, label }) => (
          <FilterChip
            key={value}
            label={label}
            onRemove={() => url.set({ about: url.list('about').filter((other) => other !== value) })}
          />
        ))}
      </search>
      {pages.failure !== null && <ErrorState failure={pages.failure} onRetry={pages.retry} />}
      {pages.isLoading && <PageSkeleton />}
      {!pages.isLoading && pages.failure === null && events.length === 0 && <Nothing isFiltered={action !== null} />}
      <div data-stale={pages.isStale || undefined} className={classes.days}>
        {daysOf(events).map(({ day, events: ofDay }) => (
          <section key={day} aria-label={day}>
            <h2 className={classes.day}>{day}</h2>
            <ol className={classes.events}>
              {ofDay.map((event) => (
                <AuditEventItem key={event.id} event={event} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {pages.hasMore && (
        <Button variant="default" size="xs" onClick={pages.loadMore} className={classes.more}>
          Show older events
        </Button>
      )}
    </div>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const url = useUrlState();
  if (isFiltered) return <NothingFound filter="of what was chosen" onClear={() => url.set({ about: null })} />;
  return (
    <EmptyState icon={History} title="Nothing has happened yet">
      Whatever is done with this organization, its key and its subscription will be listed here, with who did it.
    </EmptyState>
  );
}

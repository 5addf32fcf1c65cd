import { ActionIcon, Anchor, Button, Code, Group, Skeleton, Text, Title } from '@mantine/core';
import { SearchX, X } from 'lucide-react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { auditedValues } from '../../components/audit-states.ts';
import { actionInWords } from '../../components/audit-words.ts';
import { useCloseOnEscape } from '../../components/close-on-escape.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { roleInWords } from '../../components/role.ts';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import { exactTime } from '../../components/time.ts';
import type { UrlState } from '../../components/url-state.ts';
import { failureOf } from '../../graphql/failure.ts';
import panel from '../organizations/organizations-page.module.css';
import { AuditEventDetailsDocument, type AuditEventDetailsQuery } from './audit.graphql.ts';
import { ResultBadge } from './audit-columns.tsx';
import classes from './audit-page.module.css';

type Details = Extract<NonNullable<AuditEventDetailsQuery['node']>, { readonly at: string }>;

/** One event beside the trail: who, from where, what it was before and after. */
export function AuditPanel({ id, url, onClose }: { readonly id: string; readonly url: UrlState; onClose(): void }) {
  const [{ data, error }, ask] = useQuery({ query: AuditEventDetailsDocument, variables: { id } });
  useCloseOnEscape(onClose);
  const event = detailsOf(data?.node);
  return (
    <aside className={panel.panel} aria-label="Event">
      {error !== undefined && data === undefined && (
        <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {data === undefined && error === undefined && <Skeleton height={160} m="md" width="auto" />}
      {data !== undefined && event === null && (
        <EmptyState
          icon={SearchX}
          title="It is not here"
          action={
            <Button size="xs" variant="default" onClick={onClose}>
              Close
            </Button>
          }
        >
          The event is out of your sight, or there is none with this address.
        </EmptyState>
      )}
      {event !== null && <EventDetails event={event} url={url} onClose={onClose} />}
    </aside>
  );
}

/** Null of an id that is another thing's. */
function detailsOf(node: AuditEventDetailsQuery['node'] | undefined): Details | null {
  const isEvent = (given: NonNullable<AuditEventDetailsQuery['node']>): given is Details => 'action' in given;
  return node !== null && node !== undefined && isEvent(node) ? node : null;
}

interface EventDetailsProps {
  readonly event: Details;
  readonly url: UrlState;
  onClose(): void;
}

function EventDetails({ event, url, onClose }: EventDetailsProps) {
  const { action, actor, actorRole, onBehalfOf, at, organization, note, ipAddress, requestId, result } = event;
  return (
    <>
      <div className={panel.panelHead}>
        <div>
          <Title order={2} size="h4">
            {actionInWords(action)}
          </Title>
          <Text size="sm" c="var(--kw-ink-2)">
            {exactTime(Date.parse(at))}, <RelativeTime at={at} />
          </Text>
        </div>
        <ActionIcon color="gray" aria-label="Close the panel" onClick={onClose}>
          <X size={16} />
        </ActionIcon>
      </div>
      <dl className={panel.facts}>
        <dt>Result</dt>
        <dd>
          <Group gap={6}>
            <ResultBadge result={result} />
            {result !== 'OK' && <Code>{result}</Code>}
          </Group>
        </dd>
        <dt>Who</dt>
        <dd>
          <span dir="auto">{actor.displayName}</span>
          {actorRole !== null && `, ${roleInWords(actorRole)}`}
        </dd>
        {onBehalfOf !== null && (
          <>
            <dt>On behalf of</dt>
            <dd dir="auto">{onBehalfOf}</dd>
          </>
        )}
        <dt>Organization</dt>
        <dd>
          {organization === null ? (
            '–'
          ) : (
            <Anchor component={Link} to={`/organizations/${organization.id}`} dir="auto" size="sm" underline="always">
              {organization.name}
            </Anchor>
          )}
        </dd>
        <dt>Note</dt>
        <dd dir="auto">{note ?? '–'}</dd>
        <dt>From</dt>
        <dd>{ipAddress ?? '–'}</dd>
        <dt>Action</dt>
        <dd>
          <Code>{action}</Code>
        </dd>
        <dt>Request</dt>
        <dd>
          {requestId === null ? (
            '–'
          ) : (
            <>
              <Code>{requestId}</Code> <CopyButton value={requestId} label="Copy request id" />
            </>
          )}
        </dd>
      </dl>
      <Changes event={event} />
      <Group gap="xs" className={classes.section}>
        {actor.id !== null && (
          <Button size="xs" variant="default" onClick={() => url.set({ actor: actor.id })}>
            Only by {actor.displayName}
          </Button>
        )}
        {organization !== null && (
          <Button size="xs" variant="default" onClick={() => url.set({ organization: organization.id })}>
            Only of this organization
          </Button>
        )}
      </Group>
    </>
  );
}

function Changes({ event: { before, after } }: { readonly event: Details }) {
  const values = auditedValues(before, after);
  if (values.length === 0) {
    return (
      <Text size="sm" c="var(--kw-ink-2)" className={classes.section}>
        It says nothing of a state before or after.
      </Text>
    );
  }
  return (
    <div className={classes.section}>
      <table className={classes.changes}>
        <caption>Before and after</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ label, before: was, after: is, hasMoved }) => (
            <tr key={label} data-changed={hasMoved || undefined}>
              <th scope="row">{label}</th>
              <td dir="auto">{was ?? '–'}</td>
              <td dir="auto">{is ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

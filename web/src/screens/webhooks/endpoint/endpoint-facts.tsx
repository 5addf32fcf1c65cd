import { CopyButton } from '../../../components/copy-button.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { plural } from '../../../components/time.ts';
import { disabledWords, statusOfEndpoint } from '../endpoint-rules.ts';
import type { EndpointFragment } from '../webhooks.graphql.ts';
import classes from '../webhooks.module.css';

interface EndpointProps {
  readonly endpoint: EndpointFragment;
}

/** Why nothing gets there, and what to do about it. */
export function EndpointNotice({ endpoint: { disabledAt, disabledReason, failingSince } }: EndpointProps) {
  if (disabledAt !== null) {
    return (
      <div className={classes.notice} data-tone={disabledReason === 'BY_STAFF' ? 'amber' : 'red'} role="status">
        {disabledReason !== null && <span>{disabledWords[disabledReason]}</span>} It was disabled{' '}
        <RelativeTime at={disabledAt} />. What waited then is kept, and goes out once it is enabled.
      </div>
    );
  }
  if (failingSince === null) return null;
  return (
    <div className={classes.notice} data-tone="orange" role="status">
      Every attempt fails. The first did <RelativeTime at={failingSince} />. After three days without a success it is
      disabled. The log below says how it answers.
    </div>
  );
}

export function EndpointFacts({ endpoint }: EndpointProps) {
  const { url, events, organizationIds, serviceProvider, previousSecretUntil, createdAt, createdByName } = endpoint;
  return (
    <dl className={classes.facts}>
      <dt>Status</dt>
      <dd>
        <StatusBadge status={statusOfEndpoint(endpoint)} />
      </dd>
      <dt>URL</dt>
      <dd>
        <span className={classes.mono}>{url}</span> <CopyButton value={url} label="Copy URL" />
      </dd>
      <dt>Told of</dt>
      <dd>
        {organizationIds === null ? 'All organizations of ' : `${plural(organizationIds.length, 'organization')} of `}
        <bdi>{serviceProvider.name}</bdi>
      </dd>
      <dt>Events</dt>
      <dd>
        <ul className={classes.types} aria-label="Events">
          {events.map((type) => (
            <li key={type}>{type}</li>
          ))}
        </ul>
      </dd>
      {previousSecretUntil !== null && (
        <>
          <dt>Secret</dt>
          <dd>
            Two secrets sign; the one before stops <RelativeTime at={previousSecretUntil} />
          </dd>
        </>
      )}
      <dt>Created</dt>
      <dd>
        <RelativeTime at={createdAt} /> by <bdi>{createdByName}</bdi>
      </dd>
    </dl>
  );
}

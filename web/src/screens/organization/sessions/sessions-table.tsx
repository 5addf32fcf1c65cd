import { Button } from '@mantine/core';
import { RelativeTime } from '../../../components/relative-time.tsx';
import type { ApiSessionsQuery } from './sessions.graphql.ts';
import classes from './sessions.module.css';

export type ApiSession = NonNullable<ApiSessionsQuery['organization']>['apiSessions']['nodes'][number];

interface SessionsTableProps {
  readonly sessions: readonly ApiSession[];
  /** Null for whoever may not. */
  readonly onEnd: ((session: ApiSession) => void) | null;
}

export function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label="API sessions">
        <thead>
          <tr>
            <th scope="col">Logged in as</th>
            <th scope="col">From</th>
            <th scope="col">Since</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends unused</th>
            {onEnd !== null && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => {
            const { id, username, ipAddress, userAgent, createdAt, lastUsedAt, expiresAt } = session;
            return (
              <tr key={id}>
                <th scope="row">
                  <bdi>{username}</bdi>
                  {userAgent !== null && (
                    <small title={userAgent} dir="auto">
                      {userAgent}
                    </small>
                  )}
                </th>
                <td data-label="From">{ipAddress ?? '–'}</td>
                <td data-label="Since">
                  <RelativeTime at={createdAt} />
                </td>
                <td data-label="Last used">
                  <RelativeTime at={lastUsedAt} />
                </td>
                <td data-label="Ends unused">
                  <RelativeTime at={expiresAt} />
                </td>
                {onEnd !== null && (
                  <td className={classes.actions}>
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`End the session of ${username}`}
                      onClick={() => onEnd(session)}
                    >
                      End
                    </Button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

import { Button } from '@mantine/core';
import { PlugZap, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { OrganizationTabProps } from '../../../app/screen.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { MoreOf } from '../../../components/more-of.tsx';
import { EmptyState, ErrorState, PageSkeleton } from '../../../components/states.tsx';
import { plural } from '../../../components/time.ts';
import { useAction } from '../../../graphql/use-action.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { useMay } from '../../../session/viewer.ts';
import { ApiSessionsDocument, EndApiSessionDocument, EndApiSessionsDocument } from './sessions.graphql.ts';
import classes from './sessions.module.css';
import { type ApiSession, SessionsTable } from './sessions-table.tsx';

const LOOK_AGAIN_MS = 15_000;

/** Clients that are logged in with the organization's key now. */
export default function SessionsTab({ organizationId }: OrganizationTabProps) {
  const mayEnd = useMay('apiKey:manage');
  const [ending, setEnding] = useState<ApiSession | 'ALL' | null>(null);
  const pages = usePages(ApiSessionsDocument, { id: organizationId }, (data) => data.organization?.apiSessions ?? null);
  const sessions = pages.rows;
  useLookingAgain(pages.reload, sessions.length);
  if (pages.failure !== null && sessions.length === 0) {
    return <ErrorState failure={pages.failure} onRetry={pages.retry} />;
  }
  if (pages.isLoading) return <PageSkeleton />;
  return (
    <div className={classes.page}>
      {sessions.length === 0 ? (
        <EmptyState icon={PlugZap} title="No API session is open">
          Clients log in with the key, a user name and a password. Each is listed here for as long as it is used, and
          can be ended.
        </EmptyState>
      ) : (
        <>
          <div className={classes.bar}>
            <p role="status">
              {pages.hasMore ? `The newest ${sessions.length}` : plural(sessions.length, 'open session')}
            </p>
            {mayEnd && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Unplug size={14} aria-hidden />}
                onClick={() => setEnding('ALL')}
              >
                End all sessions
              </Button>
            )}
          </div>
          <SessionsTable sessions={sessions} onEnd={mayEnd ? setEnding : null} />
          <div className={classes.more}>
            <MoreOf pages={pages} verb="Show older sessions" />
          </div>
        </>
      )}
      <EndDialog organizationId={organizationId} ending={ending} onClose={() => setEnding(null)} />
    </div>
  );
}

/** They come and go by themselves. Not while somebody has gone further down the list. */
function useLookingAgain(reload: () => void, shown: number): void {
  const isFirstPage = shown <= 50;
  useEffect(() => {
    if (!isFirstPage) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  });
}

interface EndDialogProps {
  readonly organizationId: string;
  readonly ending: ApiSession | 'ALL' | null;
  readonly onClose: () => void;
}

function EndDialog({ organizationId, ending, onClose }: EndDialogProps) {
  const endOne = useAction(EndApiSessionDocument);
  const endAll = useAction(EndApiSessionsDocument);
  const isAll = ending === 'ALL';
  // What is being closed keeps its words.
  const [last, setLast] = useState(ending);
  if (ending !== null && ending !== last) setLast(ending);
  const name = last === null || last === 'ALL' ? '' : last.username;

  async function end() {
    if (ending === null) return;
    const isDone = isAll
      ? await endAll.run({ organizationId }, 'Ended every API session.')
      : await endOne.run({ apiSessionId: ending.id }, `Ended the API session of ${ending.username}.`);
    if (isDone) onClose();
  }

  return (
    <ConfirmDialog
      opened={ending !== null}
      onClose={onClose}
      title={last === 'ALL' ? 'End every API session' : `End the API session of ${name}`}
      verb={last === 'ALL' ? 'End all sessions' : 'End session'}
      consequences={
        last === 'ALL'
          ? ['Every client of the organization is refused until it has logged in again.', 'The key stays as it is.']
          : ['Its client is refused until it has logged in again.', 'The key and other sessions stay as they are.']
      }
      isUndoable
      isHarmful
      isRunning={endOne.isRunning || endAll.isRunning}
      onConfirm={() => void end()}
    />
  );
}

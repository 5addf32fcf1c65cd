import { useQuery } from 'urql';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { plural } from '../../../components/time.ts';
import { useMay } from '../../../session/viewer.ts';
import { SlotInUseDocument } from '../usage/usage.graphql.ts';
import type { SlotProps } from './key-words.ts';

const HOUR_MS = 3_600_000;

/** As somebody opens the dialog: it says what will break now. */
function useInUse({ organization: { id }, slot: { kind } }: SlotProps) {
  const withSessions = useMay('audit:view') && kind === 'CLOUD_SERVICE';
  const since = new Date((Math.floor(Date.now() / HOUR_MS) - 23) * HOUR_MS).toISOString();
  const [{ data, error }] = useQuery({
    query: SlotInUseDocument,
    variables: { id, kind, since, withSessions },
    requestPolicy: 'cache-and-network',
  });
  return { organization: data?.organization, isUnknown: error !== undefined && data === undefined };
}

/** "Last call 3 minutes ago from 203.0.113.9; 1,204 calls in the last 24 hours." */
export function LastCalls(props: SlotProps) {
  const { organization, isUnknown } = useInUse(props);
  if (isUnknown) return 'Its last calls could not be looked up now.';
  if (organization === undefined || organization === null)
    return <span aria-busy="true">Looking up its last calls</span>;
  const { lastUsedAt, lastUsedAddress, usage } = organization.apiKey;
  if (lastUsedAt === null) return 'No call was ever made with it.';
  const calls = usage.history.reduce((sum, each) => sum + each.calls, 0);
  return (
    <>
      Last call <RelativeTime at={lastUsedAt} />
      {lastUsedAddress !== null && <> from {lastUsedAddress}</>}; {plural(calls, 'call')} in the last 24 hours.
    </>
  );
}

/** Of the slot that clients log in with, for those who may see who has. */
export function OpenSessions(props: SlotProps) {
  const { organization, isUnknown } = useInUse(props);
  if (isUnknown) return 'Sessions that are open end at once.';
  if (organization === undefined || organization === null) return <span aria-busy="true">Looking up its sessions</span>;
  const count = organization.apiSessions?.totalCount ?? null;
  if (count === null) return 'Sessions that are open end at once.';
  if (count === 0) return 'No API session is open.';
  return `${plural(count, 'API session')} ${count === 1 ? 'is open and ends' : 'are open and end'} at once.`;
}

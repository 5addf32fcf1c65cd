import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { useTenantSearch } from '../../../app/tenant.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { ErrorState, PageSkeleton } from '../../../components/states.tsx';
import { useUrlState } from '../../../components/url-state.ts';
import { type Failure, failureOf } from '../../../graphql/failure.ts';
import type { KeyHolder } from '../flow/key-holder-field.tsx';
import { SyncFlow } from '../flow/sync-flow.tsx';
import classes from '../sync.module.css';
import { WayBack } from '../way-back.tsx';
import { useChosenTarget } from './chooser.tsx';
import { OrganizationNameDocument } from './new-sync.graphql.ts';

const NO_HOLDER: Failure = {
  code: 'NOT_FOUND',
  message: 'The organization whose key they were to get is gone or out of your sight. Nothing was done.',
  field: null,
};

/** Which organizations, which key, what would happen, and then doing it. What is chosen is in the URL; a key never. */
export default function NewSyncPage() {
  usePageTitle('New sync');
  const url = useUrlState();
  const navigate = useNavigate();
  const search = useTenantSearch();
  const holderId = url.text('from') || null;
  const { holder, failure, retry } = useHolder(holderId);
  const { target, chooser } = useChosenTarget();
  // Without it another key would be taken than was asked for.
  if (failure !== null) return <ErrorState failure={failure} onRetry={retry} />;
  if (holderId !== null && holder === null) return <PageSkeleton />;
  return (
    <>
      <WayBack />
      <PageHead title="New sync" />
      <div className={classes.body} style={{ maxWidth: 760 }}>
        <div className={classes.card}>
          <SyncFlow
            key={holderId}
            target={target}
            holder={holder}
            onClose={() => void navigate(`/sync${search}`)}
            chooser={chooser}
          />
        </div>
      </div>
    </>
  );
}

/** Whose key is taken. Once it is known, a later look-up that fails takes nothing from the screen. */
function useHolder(id: string | null) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: OrganizationNameDocument,
    variables: { id: id ?? '' },
    pause: id === null,
  });
  const [known, setKnown] = useState<KeyHolder | null>(null);
  const found = data?.organization ?? null;
  if (found !== null && known?.id !== found.id) setKnown(found);
  const holder = known?.id === id ? known : null;
  const missing = error === undefined ? NO_HOLDER : failureOf(error);
  return {
    holder,
    failure: id === null || holder !== null || fetching ? null : missing,
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}

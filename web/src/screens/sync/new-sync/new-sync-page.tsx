import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { useTenantSearch } from '../../../app/tenant.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { PageSkeleton } from '../../../components/states.tsx';
import { useUrlState } from '../../../components/url-state.ts';
import { SyncFlow } from '../flow/sync-flow.tsx';
import classes from '../sync.module.css';
import { WayBack } from '../way-back.tsx';
import { useChosenTarget } from './chooser.tsx';
import { OrganizationNameDocument } from './new-sync.graphql.ts';

/** Which organizations, which key, what would happen, and then doing it. What is chosen is in the URL; a key never. */
export default function NewSyncPage() {
  usePageTitle('New sync');
  const url = useUrlState();
  const navigate = useNavigate();
  const search = useTenantSearch();
  const holderId = url.text('from') || null;
  const [{ data: holder, fetching }] = useQuery({
    query: OrganizationNameDocument,
    variables: { id: holderId ?? '' },
    pause: holderId === null,
  });
  const { target, chooser } = useChosenTarget();
  if (holderId !== null && holder === undefined && fetching) return <PageSkeleton />;
  return (
    <>
      <WayBack />
      <PageHead title="New sync" />
      <div className={classes.body} style={{ maxWidth: 760 }}>
        <div className={classes.card}>
          <SyncFlow
            target={target}
            holder={holder?.organization ?? null}
            onClose={() => void navigate(`/sync${search}`)}
            chooser={chooser}
          />
        </div>
      </div>
    </>
  );
}

import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { useTenantId, useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { wholeNumber } from '../../components/time.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useMay } from '../../session/viewer.ts';
import { AwaitingCountDocument } from './sync.graphql.ts';
import classes from './sync-head.module.css';

const parts = [
  { path: '/sync', label: 'Operations' },
  { path: '/sync/approvals', label: 'Approvals' },
  { path: '/sync/drift', label: 'Drift' },
  { path: '/sync/groups', label: 'Saved groups' },
];

/** What the parts of Sync have in common: its name, what waits, and where to begin. */
export function SyncHead({ children }: { readonly children?: ReactNode }) {
  const serviceProviderId = useTenantId();
  const [{ data }] = useFreshQuery({ query: AwaitingCountDocument, variables: { serviceProviderId } });
  const search = useTenantSearch();
  const maySync = useMay('apiKey:sync');
  const awaiting = data?.bulkOperations.totalCount ?? 0;
  return (
    <>
      <PageHead title="Sync">
        {children}
        {maySync && (
          <Button
            component={Link}
            to={{ pathname: '/sync/new', search }}
            size="xs"
            leftSection={<Plus size={14} aria-hidden />}
          >
            New sync
          </Button>
        )}
      </PageHead>
      <nav className={classes.parts} aria-label="Parts of Sync">
        {parts.map(({ path, label }) => (
          <NavLink key={path} to={{ pathname: path, search }} end className={classes.part}>
            {label}
            {path === '/sync/approvals' && awaiting > 0 && (
              <span className={classes.count} title={`${wholeNumber(awaiting)} for you to decide`}>
                {wholeNumber(awaiting)}
                <span className="visually-hidden"> for you to decide</span>
              </span>
            )}
          </NavLink>
        ))}
      </nav>
    </>
  );
}

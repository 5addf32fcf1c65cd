import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageParts, PartCount } from '../../app/page-parts.tsx';
import { useTenantId, useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useMay } from '../../session/viewer.ts';
import { AwaitingCountDocument } from './sync.graphql.ts';

/** What the parts of Sync have in common: its name, what waits, and where to begin. */
export function SyncHead({ children }: { readonly children?: ReactNode }) {
  const serviceProviderId = useTenantId();
  const [{ data }] = useFreshQuery({ query: AwaitingCountDocument, variables: { serviceProviderId } });
  const search = useTenantSearch();
  const maySync = useMay('apiKey:sync');
  const awaiting = data?.bulkOperations.totalCount ?? 0;
  const parts = [
    { path: '/sync', label: 'Operations' },
    {
      path: '/sync/approvals',
      label: 'Approvals',
      count: <PartCount count={awaiting} meaning="for you to decide" />,
    },
    { path: '/sync/drift', label: 'Drift' },
    { path: '/sync/groups', label: 'Saved groups' },
  ];
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
      <PageParts label="Parts of Sync" parts={parts} />
    </>
  );
}

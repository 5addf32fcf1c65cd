import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import classes from '../sync/sync-head.module.css';

const parts = [
  { path: '/webhooks', label: 'Endpoints' },
  { path: '/notifications', label: 'Mail' },
];

interface WebhooksHeadProps {
  /** Of the part that is shown. */
  readonly help: ReactNode;
  /** What can be done there. */
  readonly children?: ReactNode;
}

/** What tells programs and people of events. */
export function WebhooksHead({ help, children }: WebhooksHeadProps) {
  const search = useTenantSearch();
  return (
    <>
      <PageHead title="Webhooks and mail" help={help}>
        {children}
      </PageHead>
      <nav className={classes.parts} aria-label="Parts of webhooks and mail">
        {parts.map(({ path, label }) => (
          <NavLink key={path} to={{ pathname: path, search }} end className={classes.part}>
            {label}
          </NavLink>
        ))}
      </nav>
    </>
  );
}

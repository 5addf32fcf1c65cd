import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { TENANT_PARAMETER, useTenantId } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import classes from '../sync/sync-head.module.css';

const parts = [
  { path: '/webhooks', label: 'Endpoints' },
  { path: '/notifications', label: 'Mail' },
];

/** What tells programs and people of events. @param children what can be done on the part that is shown */
export function WebhooksHead({ children }: { readonly children?: ReactNode }) {
  const tenantId = useTenantId();
  const search = tenantId === null ? '' : `?${TENANT_PARAMETER}=${encodeURIComponent(tenantId)}`;
  return (
    <>
      <PageHead title="Webhooks and mail">{children}</PageHead>
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

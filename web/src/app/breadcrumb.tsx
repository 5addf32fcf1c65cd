import { ChevronRight } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { isPlatformStaff, useViewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { type Crumb, crumbs } from './crumbs.tsx';
import classes from './shell.module.css';
import { useTenantId, useTenantList } from './tenant.ts';
import { TenantButton } from './tenant-button.tsx';

const TenantList = lazy(() => import('./tenant-list.tsx'));

/** Provider › reseller › organization; the tenant in it can be switched. */
export function Breadcrumb() {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const { rows: tenants, failure } = useTenantList();
  const path = useStore(crumbs);
  const own = viewer.organization;
  const home = viewer.serviceProvider?.name ?? (own === null ? 'All providers' : null);
  const tenant = tenants.find(({ id }) => id === tenantId);
  const narrowed: Crumb[] =
    tenant === undefined || tenant.id === viewer.serviceProvider?.id ? [] : [{ label: tenant.name }];
  const rest = path.length > 0 ? path.filter(({ label }) => label !== home) : narrowed;
  // The people of an organization have no list above it.
  const base: Crumb[] = [
    ...(home === null ? [] : [{ label: home, ...(own === null && { to: '/organizations' }) }]),
    ...(own === null ? [] : [{ label: own.name, to: `/organizations/${own.id}` }]),
  ];
  const all = [...base, ...rest.filter(({ label }) => label !== own?.name)];
  return (
    <nav className={classes.crumbs} aria-label="Tenant">
      <ol>
        {all.map(({ label, to }, index) => (
          <li key={label}>
            {index > 0 && <ChevronRight size={14} className={classes.separator} aria-hidden />}
            {index === all.length - 1 || to === undefined ? (
              <span
                className={classes.crumb}
                aria-current={index === all.length - 1 ? 'page' : undefined}
                title={label}
                dir="auto"
              >
                {label}
              </span>
            ) : (
              <Link className={classes.crumb} to={to} title={label} dir="auto">
                {label}
              </Link>
            )}
          </li>
        ))}
      </ol>
      {(tenants.length > 1 || failure !== null) && (
        <TenantSwitcher home={home ?? ''} isPlatform={isPlatformStaff(viewer)} />
      )}
    </nav>
  );
}

/** What it opens is loaded when it is asked for. */
function TenantSwitcher(props: { readonly home: string; readonly isPlatform: boolean }) {
  const [isWanted, setIsWanted] = useState(false);
  const button = <TenantButton isOpen={false} onClick={() => setIsWanted(true)} />;
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <TenantList {...props} />
    </Suspense>
  );
}

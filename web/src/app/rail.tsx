import { NavLink } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { railOf } from './registry.ts';
import classes from './shell.module.css';
import { TENANT_PARAMETER, useTenantId } from './tenant.ts';

/** The screens, within the tenant that one is in. */
export function Rail({ isInDrawer = false }: { readonly isInDrawer?: boolean }) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const search = tenantId === null ? '' : `?${TENANT_PARAMETER}=${encodeURIComponent(tenantId)}`;
  return (
    <nav className={classes.rail} aria-label="Main" data-drawer={isInDrawer || undefined}>
      {railOf(viewer).map(({ path, label, rail: { icon: Icon } }) => (
        <NavLink key={path} to={{ pathname: path, search }} className={classes.item}>
          <Icon size={17} aria-hidden />
          {label}
        </NavLink>
      ))}
    </nav>
  );
}

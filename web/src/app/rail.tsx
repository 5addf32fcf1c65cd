import { Link, useLocation } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { placeInRail, railOf } from './registry.ts';
import classes from './shell.module.css';
import { useTenantSearch } from './tenant.ts';

/** The screens, within the tenant that one is in. */
export function Rail({ isInDrawer = false }: { readonly isInDrawer?: boolean }) {
  const viewer = useViewer();
  const search = useTenantSearch();
  const place = placeInRail(useLocation().pathname);
  return (
    <nav className={classes.rail} aria-label="Main" data-drawer={isInDrawer || undefined}>
      {railOf(viewer).map(({ path, label, rail: { icon: Icon } }) => (
        <Link
          key={path}
          to={{ pathname: path, search }}
          className={classes.item}
          aria-current={`${place}/`.startsWith(`${path}/`) ? 'page' : undefined}
        >
          <Icon size={17} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}

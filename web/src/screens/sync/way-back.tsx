import { ChevronLeft } from 'lucide-react';
import { Link } from 'react-router';
import { useTenantSearch } from '../../app/tenant.ts';
import classes from './way-back.module.css';

export function WayBack() {
  return (
    <Link to={`/sync${useTenantSearch()}`} className={classes.back}>
      <ChevronLeft size={14} aria-hidden />
      All operations
    </Link>
  );
}

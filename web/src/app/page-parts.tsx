import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import classes from '../components/parts.module.css';
import { wholeNumber } from '../components/time.ts';
import { useTenantSearch } from './tenant.ts';

interface PagePart {
  readonly path: string;
  readonly label: string;
  /** How much of it there is, when that is to be noticed. */
  readonly count?: ReactNode;
}

interface PagePartsProps {
  readonly label: string;
  readonly parts: readonly PagePart[];
}

/** Pages that belong together, each with what is above its own list. Sides of one page are `PageTabs`. */
export function PageParts({ label, parts }: PagePartsProps) {
  const search = useTenantSearch();
  return (
    <nav className={classes.parts} aria-label={label}>
      {parts.map(({ path, label: name, count }) => (
        <NavLink key={path} to={{ pathname: path, search }} end className={classes.part}>
          {name}
          {count}
        </NavLink>
      ))}
    </nav>
  );
}

/** @param meaning what they are, for those who do not see where it stands */
export function PartCount({ count, meaning }: { readonly count: number; readonly meaning?: string }) {
  if (count === 0) return null;
  return (
    <span className={classes.count} title={meaning && `${wholeNumber(count)} ${meaning}`}>
      {wholeNumber(count)}
      {meaning !== undefined && <span className="visually-hidden"> {meaning}</span>}
    </span>
  );
}

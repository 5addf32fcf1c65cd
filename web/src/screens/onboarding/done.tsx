import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './onboarding.module.css';

interface DoneProps {
  readonly children: ReactNode;
  readonly to: string;
  /** What is there. */
  readonly link: string;
}

/** What has just been added, above the form for the next one. */
export function Done({ children, to, link }: DoneProps) {
  return (
    <div className={classes.done} role="status">
      <CircleCheck size={18} aria-hidden />
      <p>{children}</p>
      <Link to={to}>{link}</Link>
    </div>
  );
}

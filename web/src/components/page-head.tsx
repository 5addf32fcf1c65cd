import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-head.module.css';

interface PageHeadProps {
  readonly title: string;
  /** Beside the title: a `Help`. */
  readonly help?: ReactNode;
  /** What can be done on this page, at its right. */
  readonly children?: ReactNode;
}

export function PageHead({ title, help, children }: PageHeadProps) {
  return (
    <div className={classes.head}>
      <div className={classes.name}>
        <Title order={1} size="h3" dir="auto" className={classes.title}>
          {title}
        </Title>
        {help}
      </div>
      <div className={classes.actions}>{children}</div>
    </div>
  );
}

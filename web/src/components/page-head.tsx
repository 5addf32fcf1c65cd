import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-head.module.css';

/** @param children what can be done on this page, at its right */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <Title order={1} size="h3" dir="auto" className={classes.title}>
        {title}
      </Title>
      <div className={classes.actions}>{children}</div>
    </div>
  );
}

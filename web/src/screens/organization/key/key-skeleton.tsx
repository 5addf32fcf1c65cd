import { Skeleton } from '@mantine/core';
import classes from './key-tab.module.css';

export function KeySkeleton() {
  return (
    <div className={classes.cards} aria-busy="true">
      {[4, 3].map((lines) => (
        <div key={lines} className={classes.card}>
          <div className={classes.cardHead}>
            <Skeleton height={18} width={160} />
          </div>
          <div className={classes.facts}>
            {Array.from({ length: lines * 2 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines that are all the same
              <Skeleton key={index} height={14} width={index % 2 === 0 ? 90 : '80%'} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

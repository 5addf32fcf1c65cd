import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { outOfDate, tidings } from '../graphql/revision.ts';
import { useStore } from '../store.ts';
import classes from './shell.module.css';

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says so where what is shown may not be how things are now. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  const isOld = useStore(outOfDate) > 0;
  if (isOnline && !isOld) return null;
  return (
    <div className={classes.offline} role="status">
      {isOnline ? (
        <>
          Not everything could be looked up again. Some of what you see may be out of date.{' '}
          <Button variant="default" size="compact-xs" onClick={() => tidings.set(tidings.get() + 1)}>
            Look again
          </Button>
        </>
      ) : (
        'You are offline. What you see may be out of date; nothing that you type is lost.'
      )}
    </div>
  );
}

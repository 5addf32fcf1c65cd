import { useSyncExternalStore } from 'react';
import classes from './shell.module.css';

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

export function OfflineNotice() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (isOnline) return null;
  return (
    <div className={classes.offline} role="status">
      You are offline. What you see may be out of date; nothing that you type is lost.
    </div>
  );
}

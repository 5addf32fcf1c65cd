import { RelativeTime } from '../../../components/relative-time.tsx';
import type { Slot } from './key-words.ts';

/** "3 days ago by Ingrid Halvorsen". */
export function LastModified({ slot: { lastModifiedAt, lastModifiedBy } }: { readonly slot: Slot }) {
  if (lastModifiedAt === null) return 'Never';
  return (
    <>
      <RelativeTime at={lastModifiedAt} />
      {lastModifiedBy !== null && (
        <>
          {' '}
          by <span dir="auto">{lastModifiedBy.displayName}</span>
        </>
      )}
    </>
  );
}

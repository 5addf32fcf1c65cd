import { Button } from '@mantine/core';
import type { Pages } from '../graphql/use-pages.ts';
import { PartialFailure } from './states.tsx';

interface MoreOfProps {
  readonly pages: Pages<unknown>;
  readonly verb?: string;
}

/** Beneath a list that is no table: the rest of it, or why it did not come. */
export function MoreOf({ pages, verb = 'Show more' }: MoreOfProps) {
  if (pages.failure !== null) return <PartialFailure failure={pages.failure} onRetry={pages.retry} />;
  if (!pages.hasMore) return null;
  return (
    <div>
      <Button variant="default" size="xs" onClick={pages.loadMore}>
        {verb}
      </Button>
    </div>
  );
}

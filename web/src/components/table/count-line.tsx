import { Button, Code } from '@mantine/core';
import type { CombinedError } from '@urql/core';
import { failureOf } from '../../graphql/failure.ts';
import { tidings } from '../../graphql/revision.ts';

interface CountLineProps {
  readonly total: number | null | undefined;
  readonly error: CombinedError | undefined;
  readonly words: (total: number) => string;
}

/** Beneath a list, which does not wait for its count, nor fail with it. */
export function CountLine({ total, error, words }: CountLineProps) {
  if (total != null) return words(total);
  if (error === undefined) return 'Counting';
  return (
    <>
      Not counted: <Code>{failureOf(error).code}</Code>{' '}
      <Button variant="default" size="compact-xs" onClick={() => tidings.set(tidings.get() + 1)}>
        Try again
      </Button>
    </>
  );
}

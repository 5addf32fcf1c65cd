import type { ReactNode } from 'react';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { plural } from '../../../components/time.ts';
import type { OtherHolders } from './dialog-props.ts';
import { LastCalls, OpenSessions } from './in-use.tsx';
import { keyWords, type SlotProps } from './key-words.ts';

/** What somebody should know before a string is replaced or taken away. */
export function consequences(props: SlotProps, others: OtherHolders): ReactNode[] {
  const {
    organization: { name },
    slot,
  } = props;
  const { kind, maskedKey, lastModifiedAt, lastModifiedBy } = slot;
  const by = lastModifiedBy === null ? null : <span dir="auto"> by {lastModifiedBy.displayName}</span>;
  return [
    <>
      Every program of <b dir="auto">{name}</b> that uses the {keyWords[kind]} <code>{maskedKey}</code> stops working at
      once.
    </>,
    ...usesOf(props),
    ...(lastModifiedAt === null
      ? []
      : [
          <>
            It was last changed <RelativeTime at={lastModifiedAt} />
            {by}.
          </>,
        ]),
    ...(others === null || others === 0 ? [] : [keptBy(others)]),
  ];
}

function keptBy(others: number | 'COUNTING' | 'UNKNOWN'): ReactNode {
  if (others === 'COUNTING') return <span aria-busy="true">Looking up who else holds the same string</span>;
  if (others === 'UNKNOWN') return 'Whether others hold the same string could not be looked up now.';
  return `${plural(others, 'other organization')} ${others === 1 ? 'holds' : 'hold'} the same string and keep it.`;
}

/** Who is using it now. */
export function usesOf({ organization, slot }: SlotProps): ReactNode[] {
  return [
    <LastCalls key="calls" organization={organization} slot={slot} />,
    ...(slot.kind === 'CLOUD_SERVICE' ? [<OpenSessions key="sessions" organization={organization} slot={slot} />] : []),
  ];
}

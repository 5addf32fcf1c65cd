import { type KeyState, statusOfKey } from './status.ts';
import { StatusBadge } from './status-badge.tsx';
import { dateOnly, exactTime } from './time.ts';

interface KeyBadgeProps {
  readonly apiKey: KeyState & { readonly overlap: { readonly endsAt: string } | null };
}

/** The state of a key. Of one that works: until when the string before works beside it. */
export function KeyBadge({ apiKey }: KeyBadgeProps) {
  const status = statusOfKey(apiKey);
  if (status !== 'enabled' || apiKey.overlap === null) return <StatusBadge status={status} />;
  const endsAt = Date.parse(apiKey.overlap.endsAt);
  return (
    <span title={`Two strings work until ${exactTime(endsAt)}`}>
      <StatusBadge status="overlap" more={`until ${dateOnly(endsAt)}`} />
    </span>
  );
}

import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { DateOnly, RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { statusOfRotation } from '../../rotation/rotation-words.ts';
import type { Slot } from './key-words.ts';

type Rotation = NonNullable<Slot['rotation']>;

/** When a policy wants the key replaced, and who does it. */
export function RotationFact({ slot: { rotation } }: { readonly slot: Slot }) {
  if (rotation === null) return null;
  const { state, policy } = rotation;
  return (
    <>
      <dt>Rotation</dt>
      <dd>
        {state !== 'CURRENT' && (
          <>
            <StatusBadge status={statusOfRotation[state]} />{' '}
          </>
        )}
        <When rotation={rotation} />
        {policy !== null && (
          <>
            , by the policy{' '}
            <Anchor component={Link} to="/rotation" size="sm">
              <bdi>{policy.name}</bdi>
            </Anchor>
          </>
        )}
      </dd>
    </>
  );
}

function When({ rotation: { state, dueAt, plannedAt, mode } }: { readonly rotation: Rotation }) {
  const due = <DateOnly at={dueAt} />;
  const verb = state === 'DUE' || state === 'OVERDUE' ? 'Was due' : 'Due';
  if (mode === 'NOTIFY') {
    return (
      <>
        {verb} {due}, to be done by hand
      </>
    );
  }
  return (
    <>
      {verb} {due}, done by itself <RelativeTime at={plannedAt} />
    </>
  );
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNow } from '../../../components/relative-time.tsx';
import { statusOfSubscription } from '../../../components/status.ts';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { dateOnly, exactTime, relativeTime, wholeNumber } from '../../../components/time.ts';
import { useMay } from '../../../session/viewer.ts';
import classes from '../key/key-tab.module.css';
import type { Organization } from '../key/key-words.ts';
import { ApplyDialog } from './apply-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { RenewDialog } from './renew-dialog.tsx';
import { periodWords } from './subscription-dates.ts';

interface SubscriptionCardProps {
  readonly organization: Organization;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

/** What the key hangs on: the plan, from when until when, and how many calls. */
export function SubscriptionCard({ organization, onMoved }: SubscriptionCardProps) {
  const now = useNow();
  const mayManage = useMay('subscription:manage');
  const [dialog, setDialog] = useState<'APPLY' | 'RENEW' | 'CANCEL' | null>(null);
  const { subscription } = organization;
  const isEnded = subscription === null || subscription.status === 'EXPIRED';
  const dialogProps = { organization, onMoved, onClose: () => setDialog(null) };
  return (
    <section className={classes.card} aria-label="Subscription">
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>Subscription</h2>
        {subscription !== null && <StatusBadge status={statusOfSubscription(subscription, now)} />}
      </div>
      {subscription === null ? (
        <p className={classes.nothing}>
          There is no subscription yet. The key comes with the first one, as soon as it starts.
        </p>
      ) : (
        <Terms subscription={subscription} />
      )}
      {mayManage && (
        <div className={classes.actions}>
          {subscription !== null && (
            <Button size="xs" variant="default" onClick={() => setDialog('RENEW')}>
              Renew
            </Button>
          )}
          {isEnded && (
            <Button size="xs" variant="default" onClick={() => setDialog('APPLY')}>
              {subscription === null ? 'Apply subscription' : 'Apply another'}
            </Button>
          )}
          {!isEnded && (
            <Button size="xs" variant="default" className={classes.apart} onClick={() => setDialog('CANCEL')}>
              Cancel subscription
            </Button>
          )}
          <ApplyDialog {...dialogProps} opened={dialog === 'APPLY'} />
          <RenewDialog {...dialogProps} opened={dialog === 'RENEW'} />
          <CancelDialog {...dialogProps} opened={dialog === 'CANCEL'} />
        </div>
      )}
    </section>
  );
}

function Terms({ subscription }: { readonly subscription: NonNullable<Organization['subscription']> }) {
  const { plan, status, startsAt, endsAt, callThreshold, thresholdPeriod } = subscription;
  return (
    <dl className={classes.facts}>
      <dt>Plan</dt>
      <dd dir="auto">{plan}</dd>
      <dt>{status === 'SCHEDULED' ? 'Starts' : 'Started'}</dt>
      <dd>
        <Day at={startsAt} />
      </dd>
      <dt>{status === 'EXPIRED' ? 'Ended' : 'Ends'}</dt>
      <dd>
        <Day at={endsAt} />
      </dd>
      <dt>Calls allowed</dt>
      <dd>
        {callThreshold === null || thresholdPeriod === null
          ? 'No limit'
          : `${wholeNumber(callThreshold)} a ${periodWords[thresholdPeriod]}`}
      </dd>
    </dl>
  );
}

/** "21 Nov 2026, in 3 days". */
function Day({ at }: { readonly at: string }) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(time)}>
      {dateOnly(time)}, {relativeTime(time, now)}
    </time>
  );
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { isLiftedBy, reasonWords } from '../../../components/disablement.ts';
import { DateOnly, RelativeTime } from '../../../components/relative-time.tsx';
import { statuses, statusOfKey } from '../../../components/status.ts';
import { useMay, useViewer, type Viewer } from '../../../session/viewer.ts';
import { RenewDialog } from '../subscription/renew-dialog.tsx';
import classes from './disablement-banners.module.css';
import { EnableDialog } from './enable-dialog.tsx';
import { keyWords, type Organization, type SlotProps } from './key-words.ts';
import { whomToContact } from './whom-to-contact.ts';

type Disablement = SlotProps['slot']['disablements'][number];

interface DisablementBannersProps extends SlotProps {
  readonly onMoved: () => void;
}

/** Each reason why the key does not work: who, why, when, and what makes it work again. */
export function DisablementBanners({ organization, slot, onMoved }: DisablementBannersProps) {
  const viewer = useViewer();
  const mayRenew = useMay('subscription:manage');
  const [dialog, setDialog] = useState<'ENABLE' | 'RENEW' | null>(null);
  const close = () => setDialog(null);
  const mayEnable = slot.allowedActions.includes('ENABLE');
  const first = slot.disablements.find(({ source }) => mayEnable && isLiftedBy(viewer, source));
  return (
    <>
      {slot.disablements.map((disablement) => (
        <Banner key={disablement.source} organization={organization} slot={slot} disablement={disablement}>
          {disablement === first && (
            <Button size="xs" onClick={() => setDialog('ENABLE')}>
              Enable
            </Button>
          )}
          {disablement.source === 'SUBSCRIPTION_EXPIRED' && mayRenew && isEnded(organization) && (
            <Button size="xs" variant="default" onClick={() => setDialog('RENEW')}>
              Renew
            </Button>
          )}
        </Banner>
      ))}
      <EnableDialog
        organization={organization}
        slot={slot}
        opened={dialog === 'ENABLE'}
        onClose={close}
        onMoved={onMoved}
      />
      <RenewDialog organization={organization} opened={dialog === 'RENEW'} onClose={close} onMoved={onMoved} />
    </>
  );
}

function isEnded({ subscription }: Organization): boolean {
  return subscription?.status === 'EXPIRED';
}

interface BannerProps extends SlotProps {
  readonly disablement: Disablement;
  /** What the viewer can do about it. */
  readonly children: React.ReactNode;
}

function Banner({ organization, slot, disablement, children }: BannerProps) {
  const viewer = useViewer();
  const mayEnable = useMay('apiKey:enable');
  const mayRenew = useMay('subscription:manage');
  const { source, note } = disablement;
  const { word, tone, icon: Icon } = statuses[statusOfKey({ status: 'DISABLED', disablements: [disablement] })];
  const contact = whomToContact(source, organization, viewer, { mayEnable, mayRenew });
  return (
    <section className={classes.banner} data-tone={tone} aria-label={word}>
      <Icon size={20} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <h2 className={classes.title}>{word}</h2>
        <p>
          {source === 'SUBSCRIPTION_EXPIRED' ? ended(organization, disablement) : disabled(slot, disablement, viewer)}
        </p>
        {note !== null && (
          <blockquote className={classes.note} dir="auto">
            {note}
          </blockquote>
        )}
        {contact !== null && <p>{contact}</p>}
      </div>
      <div className={classes.actions}>{children}</div>
    </section>
  );
}

function disabled(slot: SlotProps['slot'], { source, reason, at, by }: Disablement, viewer: Viewer) {
  if (source === 'CALL_THRESHOLD') {
    return (
      <>
        The call over the threshold disabled the {keyWords[slot.kind]} <RelativeTime at={at} />.
      </>
    );
  }
  const reasonInWords = reason === 'OTHER' ? null : reasonWords[reason];
  return (
    <>
      <b dir="auto">{by.displayName}</b>
      {viewer.organization !== null && (source === 'PLATFORM' ? ' of the platform' : ' of your service provider')}{' '}
      disabled the {keyWords[slot.kind]} <RelativeTime at={at} />
      {reasonInWords !== null && (
        <>
          : <b>{reasonInWords}</b>
        </>
      )}
      .
    </>
  );
}

/** The next subscription may be there already, and not have started. */
function ended({ subscription }: Organization, { at }: Disablement) {
  const isNextThere = subscription?.status === 'SCHEDULED';
  return (
    <>
      The subscription ended on <DateOnly at={at} /> (<RelativeTime at={at} />
      ). The key is kept and{' '}
      <b>
        {isNextThere ? (
          <>
            works again when the next one starts, on <DateOnly at={subscription.startsAt} />
          </>
        ) : (
          'works again when renewed'
        )}
      </b>
      .
    </>
  );
}

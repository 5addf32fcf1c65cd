import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { statuses } from '../../../components/status.ts';
import { exactTime } from '../../../components/time.ts';
import { useAction } from '../../../graphql/use-action.ts';
import { useMay } from '../../../session/viewer.ts';
import classes from './disablement-banners.module.css';
import { EndKeyOverlapDocument } from './key.graphql.ts';
import { keyOf, type SlotProps } from './key-words.ts';

const { tone, icon: Icon } = statuses.overlap;

/** While two strings work: until when, whether the new one is in use, and the way to end it. */
export function OverlapBanner({ organization, slot }: SlotProps) {
  const mayEnd = useMay('apiKey:manage');
  const action = useAction(EndKeyOverlapDocument);
  const [isAsked, setIsAsked] = useState(false);
  if (slot.overlap === null) return null;
  const { endsAt, firstUsedAt } = slot.overlap;
  return (
    <section className={classes.banner} data-tone={tone} aria-label="Overlap">
      <Icon size={20} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <h2 className={classes.title}>Two strings work until {exactTime(Date.parse(endsAt))}</h2>
        <p>
          The key was rotated, and the string before works beside the new one. It stops <RelativeTime at={endsAt} />.
        </p>
        <p>
          {firstUsedAt === null ? (
            'The new string has not been used yet: whatever calls with the old one still has to change over.'
          ) : (
            <>
              The new string was first used <RelativeTime at={firstUsedAt} />.
            </>
          )}
        </p>
      </div>
      {mayEnd && (
        <div className={classes.actions}>
          <Button size="xs" variant="default" onClick={() => setIsAsked(true)}>
            End overlap
          </Button>
        </div>
      )}
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title={`End the overlap of ${keyOf({ organization, slot })}`}
        verb="End overlap"
        consequences={[
          'The old string stops working at once, with the API sessions that were opened with it.',
          firstUsedAt === null
            ? 'Nobody has used the new string yet: whatever calls now is refused until it has it.'
            : 'The new string works on, and so do its sessions.',
        ]}
        isRunning={action.isRunning}
        onConfirm={() =>
          void action
            .run({ organizationId: organization.id, kind: slot.kind }, 'The old string works no longer.')
            .then((isDone) => isDone && setIsAsked(false))
        }
      />
    </section>
  );
}

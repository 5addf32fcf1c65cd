import { Anchor, Tabs } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { isStaff } from '../../../app/screen.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { KeyBadge } from '../../../components/key-badge.tsx';
import { plural } from '../../../components/time.ts';
import { useViewer } from '../../../session/viewer.ts';
import type { OtherHolders } from './dialog-props.ts';
import { HoldersOfStringDocument } from './key.graphql.ts';
import { KeyActions } from './key-actions.tsx';
import classes from './key-tab.module.css';
import { type FreshKey, KeyValue } from './key-value.tsx';
import { kinds, type Slot, type SlotProps } from './key-words.ts';
import { LastModified } from './last-modified.tsx';
import { RotationFact } from './rotation-fact.tsx';

interface KeyCardProps extends SlotProps {
  readonly kind: string;
  readonly onKind: (path: string) => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

/** The slots of an organization, one at a time. */
export function KeyCard({ kind, onKind, ...props }: KeyCardProps) {
  return (
    <section className={classes.card} aria-label="API key">
      <Tabs
        value={kind}
        onChange={(path) => onKind(path ?? '')}
        variant="pills"
        keepMounted={false}
        classNames={{ tab: classes.kind }}
      >
        <div className={classes.cardHead}>
          <Tabs.List aria-label="Kind of key">
            {kinds.map(({ path, label }) => (
              <Tabs.Tab key={path} value={path}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <KeyBadge apiKey={props.slot} />
        </div>
        {kinds.map(({ path }) => (
          <Tabs.Panel key={path} value={path}>
            <SlotOfCard {...props} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

/** Where to connect, with what, since when, and what can be done. */
function SlotOfCard({ organization, slot, onMoved }: Omit<KeyCardProps, 'kind' | 'onKind'>) {
  const [fresh, setFresh] = useState<FreshKey | null>(null);
  const others = useOtherHolders(slot);
  const { baseUrl } = organization;
  return (
    <>
      <dl className={classes.facts}>
        <dt>Base URL</dt>
        <dd>
          <span className={classes.mono}>{baseUrl}</span> <CopyButton value={baseUrl} label="Copy base URL" />
        </dd>
        <dt>API key</dt>
        <dd>
          <KeyValue
            organization={organization}
            slot={slot}
            fresh={fresh}
            onHidden={() => setFresh((now) => (now === null ? null : { ...now, keyString: null }))}
          />
        </dd>
        <dt>Last modified</dt>
        <dd>
          <LastModified slot={slot} />
        </dd>
        <Holders slot={slot} others={others} />
        <RotationFact slot={slot} />
      </dl>
      <KeyActions organization={organization} slot={slot} others={others} onFresh={setFresh} onMoved={onMoved} />
    </>
  );
}

/** Of others, for those who see others. */
function useOtherHolders({ fingerprint, kind }: Slot): OtherHolders {
  const viewer = useViewer();
  const pause = fingerprint === null || kind !== 'CLOUD_SERVICE' || !isStaff(viewer);
  const variables = { fingerprint: fingerprint ?? '' };
  const [{ data, fetching }] = useQuery({ query: HoldersOfStringDocument, variables, pause });
  if (pause) return null;
  if (fetching) return 'COUNTING';
  const holders = data?.organizations.totalCount ?? null;
  return holders === null ? 'UNKNOWN' : Math.max(0, holders - 1);
}

const holdersInWords = {
  COUNTING: 'Counting',
  UNKNOWN: 'Could not be looked up now',
  0: 'Held by no other organization',
} as const;

function Holders({ slot: { fingerprint }, others }: { readonly slot: Slot; readonly others: OtherHolders }) {
  if (fingerprint === null || others === null) return null;
  return (
    <>
      <dt>Same string</dt>
      <dd>
        {typeof others === 'string' || others === 0 ? (
          holdersInWords[others]
        ) : (
          <Anchor component={Link} size="sm" to={`/organizations?fingerprint=${encodeURIComponent(fingerprint)}`}>
            Held by {plural(others, 'other organization')}
          </Anchor>
        )}
      </dd>
    </>
  );
}

import { KeyString } from '../../../components/key-string.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useMay } from '../../../session/viewer.ts';
import { RevealApiKeyDocument } from './key.graphql.ts';
import classes from './key-tab.module.css';
import type { SlotProps } from './key-words.ts';

/** What a command has just put into a slot. */
export interface FreshKey {
  /** The slot's version with it: as soon as that moves on, it is old. */
  readonly version: number;
  readonly maskedKey: string;
  /** Null for whoever may not see it, and once it was hidden. */
  readonly keyString: string | null;
  /** What it took the place of. */
  readonly oldMaskedKey: string | null;
}

interface KeyValueProps extends SlotProps {
  readonly fresh: FreshKey | null;
  readonly onHidden: () => void;
}

/** The string of a slot: masked; new, with the old one struck out; or none. */
export function KeyValue({ organization, slot, fresh, onHidden }: KeyValueProps) {
  const mayReveal = useMay('apiKey:reveal');
  const command = useCommand(RevealApiKeyDocument, { changes: false });

  async function reveal(): Promise<string | null> {
    const result = await command.run({ organizationId: organization.id, kind: slot.kind });
    return result.isDone ? result.payload.keyString : null;
  }

  const isFresh = fresh !== null && fresh.version >= slot.version;
  const maskedKey = isFresh ? fresh.maskedKey : slot.maskedKey;
  if (maskedKey === null) return 'No key';
  const version = isFresh ? fresh.version : slot.version;
  const keyString = (
    <KeyString
      key={version}
      maskedKey={maskedKey}
      {...(mayReveal && { reveal })}
      {...(isFresh && { initial: fresh.keyString, onHidden })}
    />
  );
  if (!isFresh) return keyString;
  return (
    <div className={classes.fresh}>
      {fresh.oldMaskedKey !== null && (
        <s className={classes.old}>
          <span className="visually-hidden">No longer valid: </span>
          {fresh.oldMaskedKey}
        </s>
      )}
      {keyString}
      <p className={classes.hint}>
        {fresh.keyString !== null && 'This is the new key, valid from now on. Copy it before it is hidden again.'}
        {fresh.keyString === null && mayReveal && 'The new key is valid.'}
        {!mayReveal && `The new key is valid. Your role does not show it: whoever may reveal keys can hand it on.`}
      </p>
    </div>
  );
}

import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './key-string.module.css';

const SHOWN_SECONDS = 30;

interface KeyStringProps {
  readonly maskedKey: string;
  /** Asks the API, which writes it down; null when it was refused. Left out for whoever may not see it. */
  readonly reveal?: () => Promise<string | null>;
  /** A string that has just come, shown from the beginning. */
  readonly initial?: string | null;
}

/**
 * A key string: masked, shown for 30 seconds when asked for, and then gone from the page. It is held in this component's
 * state and nowhere else.
 */
export function KeyString({ maskedKey, reveal, initial = null }: KeyStringProps) {
  const [shown, setShown] = useState<string | null>(initial);
  const [secondsLeft, setSecondsLeft] = useState(SHOWN_SECONDS);
  const [isAsking, setIsAsking] = useState(false);

  useEffect(() => {
    if (shown === null) return;
    const until = Date.now() + SHOWN_SECONDS * 1000;
    setSecondsLeft(SHOWN_SECONDS);
    const timer = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      setSecondsLeft(left);
      if (left <= 0) setShown(null);
    }, 250);
    return () => clearInterval(timer);
  }, [shown]);

  async function ask(): Promise<string | null> {
    if (reveal === undefined || isAsking) return null;
    setIsAsking(true);
    return reveal().finally(() => setIsAsking(false));
  }

  return (
    <Group gap={4} wrap="nowrap">
      <output className={classes.key} aria-label="API key">
        {shown ?? maskedKey}
      </output>
      {shown !== null && (
        <span className={classes.countdown} role="timer" aria-label={`Hidden again in ${secondsLeft} seconds`}>
          {secondsLeft} s
        </span>
      )}
      {shown !== null ? (
        <Tooltip label="Hide key">
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Hide key" onClick={() => setShown(null)}>
            <EyeOff size={14} />
          </ActionIcon>
        </Tooltip>
      ) : (
        reveal !== undefined && (
          <Tooltip label="Reveal key">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label="Reveal key"
              loading={isAsking}
              onClick={() => void ask().then(setShown)}
            >
              <Eye size={14} />
            </ActionIcon>
          </Tooltip>
        )
      )}
      {(shown !== null || reveal !== undefined) && <CopyButton value={shown ?? ask} label="Copy key" />}
    </Group>
  );
}

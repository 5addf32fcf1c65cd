import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './key-string.module.css';

const SHOWN_MS = 30_000;
const TICK_MS = 250;

interface KeyStringProps {
  /** Its name to whoever does not see it. */
  readonly label?: string;
  readonly maskedKey: string;
  /** Asks the API, which writes it down; null when it was refused. Left out for whoever may not see it. */
  readonly reveal?: () => Promise<string | null>;
  /** A string that has just come, shown from the beginning: give it up when `onHidden` is called. */
  readonly initial?: string | null;
  readonly onHidden?: () => void;
}

interface Shown {
  readonly text: string;
  readonly until: number;
}

function showFromNow(text: string | null): Shown | null {
  return text === null ? null : { text, until: Date.now() + SHOWN_MS };
}

/**
 * A key string: masked, shown for 30 seconds when asked for, and then gone from the page. It is held in this component's
 * state and nowhere else; one for each string (`key`).
 */
export function KeyString({ label = 'API key', maskedKey, reveal, initial = null, onHidden }: KeyStringProps) {
  const [shown, setShown] = useState(() => showFromNow(initial));
  const [isAsking, setIsAsking] = useState(false);
  const secondsLeft = useCountdown(shown, hide);

  function hide() {
    setShown(null);
    onHidden?.();
  }

  async function ask(): Promise<string | null> {
    if (reveal === undefined || isAsking) return null;
    setIsAsking(true);
    return reveal().finally(() => setIsAsking(false));
  }

  const toggle = shown === null ? 'Reveal key' : 'Hide key';
  return (
    <Group gap={4} wrap="nowrap" className={classes.whole}>
      <output className={classes.key} aria-label={label} data-shown={shown !== null || undefined}>
        {shown?.text ?? maskedKey}
      </output>
      {(shown !== null || reveal !== undefined) && (
        <>
          <Tooltip label={toggle}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={toggle}
              aria-busy={isAsking || undefined}
              onClick={() => (shown === null ? void ask().then((text) => setShown(showFromNow(text))) : hide())}
            >
              {shown === null ? <Eye size={14} /> : <EyeOff size={14} />}
            </ActionIcon>
          </Tooltip>
          <CopyButton value={shown?.text ?? ask} label="Copy key" />
        </>
      )}
      {shown !== null && (
        <span className={classes.countdown} role="timer" aria-label={`Hidden again in ${secondsLeft} seconds`}>
          {secondsLeft} s
        </span>
      )}
    </Group>
  );
}

/** Whole seconds until it has to be hidden, which is then called for: also when the page was frozen meanwhile. */
function useCountdown(shown: Shown | null, hide: () => void): number {
  const [now, setNow] = useState(() => Date.now());
  const onEnd = useRef(hide);
  onEnd.current = hide;
  useEffect(() => {
    if (shown === null) return;
    function tick() {
      setNow(Date.now());
      if (shown !== null && Date.now() >= shown.until) onEnd.current();
    }
    tick();
    const timer = setInterval(tick, TICK_MS);
    addEventListener('pageshow', tick);
    return () => {
      clearInterval(timer);
      removeEventListener('pageshow', tick);
    };
  }, [shown]);
  return shown === null ? 0 : Math.max(0, Math.min(SHOWN_MS / 1000, Math.ceil((shown.until - now) / 1000)));
}

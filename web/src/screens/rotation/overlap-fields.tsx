import { Text } from '@mantine/core';
import { Link } from 'react-router';
import { minutesInWords } from '../../components/time.ts';
import { WholeNumberInput } from '../../components/whole-number-input.tsx';
import classes from './rotation.module.css';

interface OverlapFieldsProps {
  readonly minutes: number | null;
  readonly graceMinutes: number | null;
  /** What the provider allows; null: not known, such as of several. */
  readonly allowed: number | null;
  readonly onMinutes: (minutes: number | null) => void;
  readonly onGraceMinutes: (minutes: number | null) => void;
  readonly error?: string | undefined;
  readonly graceError?: string | undefined;
}

const LONGEST_MINUTES = 1440;

/** For how long the old string works beside the new one. */
export function OverlapFields(props: OverlapFieldsProps) {
  const { minutes, graceMinutes, allowed, onMinutes, onGraceMinutes, error, graceError } = props;
  if (allowed === 0 && minutes === 0 && error === undefined && graceError === undefined) {
    return (
      <Text size="sm" c="var(--kw-ink-2)">
        Old keys stop at once: the provider allows no overlap. That is set in its{' '}
        <Link to="/settings/provider" style={{ color: 'var(--kw-accent)' }}>
          settings
        </Link>
        .
      </Text>
    );
  }
  return (
    <div className={classes.pair}>
      <WholeNumberInput
        label="Overlap, in minutes"
        description={
          allowed === null
            ? '0: old keys stop at once. At most what the providers allow.'
            : `0: old keys stop at once. The provider allows ${minutesInWords(allowed)}.`
        }
        min={0}
        max={LONGEST_MINUTES}
        value={minutes}
        onChange={onMinutes}
        error={error}
      />
      <WholeNumberInput
        label="Grace, in minutes"
        description="After the new key is first used."
        min={1}
        max={LONGEST_MINUTES}
        disabled={minutes === 0 && graceMinutes !== null}
        value={graceMinutes}
        onChange={onGraceMinutes}
        error={graceError}
      />
    </div>
  );
}

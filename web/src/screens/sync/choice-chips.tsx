import { wholeNumber } from '../../components/time.ts';
import classes from './choice-chips.module.css';

export interface ChoiceChip<Value extends string> {
  readonly value: Value | null;
  readonly label: string;
  /** Null: not known yet, or not worth counting. */
  readonly count: number | null;
}

interface ChoiceChipsProps<Value extends string> {
  readonly label: string;
  readonly chips: readonly ChoiceChip<Value>[];
  readonly chosen: Value | null;
  readonly onChoose: (value: Value | null) => void;
}

/** One of a few, each with how many there are. */
export function ChoiceChips<Value extends string>({ label, chips, chosen, onChoose }: ChoiceChipsProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div className={classes.chips} role="group" aria-label={label}>
      {chips.map((chip) => (
        <button
          key={chip.value ?? 'all'}
          type="button"
          className={classes.choice}
          aria-pressed={chip.value === chosen}
          onClick={() => onChoose(chip.value)}
        >
          {chip.label}
          {chip.count !== null && ` ${wholeNumber(chip.count)}`}
        </button>
      ))}
    </div>
  );
}

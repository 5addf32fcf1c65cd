import { NumberInput, type NumberInputProps } from '@mantine/core';

interface WholeNumberInputProps extends Omit<NumberInputProps, 'value' | 'onChange'> {
  /** Null: the field is empty. What it stands in cannot be sent then. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number from 0 on, or none while somebody types another. */
export function WholeNumberInput({ value, onChange, ...props }: WholeNumberInputProps) {
  return (
    <NumberInput
      allowDecimal={false}
      allowNegative={false}
      value={value ?? ''}
      onChange={(typed) => onChange(typed === '' ? null : Number(typed))}
      {...props}
    />
  );
}

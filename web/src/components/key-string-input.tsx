import { TextInput, type TextInputProps } from '@mantine/core';

const LENGTH = 12;

interface KeyStringInputProps extends Omit<TextInputProps, 'value' | 'error'> {
  readonly value: string;
  /** What the API said is wrong with it. */
  readonly error: string | undefined;
}

/** For a key that somebody types. No program of the browser keeps it or changes it on the way. */
export function KeyStringInput({ value, error, ...props }: KeyStringInputProps) {
  return (
    <TextInput
      label="New key"
      description={`Exactly ${LENGTH} characters of A–Z, a–z and 0–9; ${value.length} so far.`}
      value={value}
      error={error ?? wrongWith(value)}
      maxLength={LENGTH * 2}
      styles={{ input: { fontFamily: 'var(--kw-mono)' } }}
      autoComplete="off"
      autoCapitalize="off"
      autoCorrect="off"
      spellCheck={false}
      data-1p-ignore
      data-lpignore="true"
      {...props}
    />
  );
}

/** What can be said before the API is asked. */
function wrongWith(text: string): string | undefined {
  if (/[^A-Za-z0-9]/.test(text)) return 'Only A–Z, a–z and 0–9. Take the other characters out.';
  return text.length > LENGTH ? `It is too long by ${text.length - LENGTH}.` : undefined;
}

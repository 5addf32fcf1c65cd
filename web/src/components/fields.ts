import { useState } from 'react';
import type { Failure } from '../graphql/failure.ts';
import { showFieldFailures } from '../graphql/use-action.ts';
import { withReadableTimes } from './time.ts';

export interface Fields<Values> {
  readonly values: Values;
  /** For a Mantine input: its value, its change, and what the API said is wrong with it. */
  text(name: keyof Values & string): {
    readonly value: string;
    readonly error: string | undefined;
    onChange(event: { readonly currentTarget: { readonly value: string } }): void;
  };
  set(changes: Partial<Values>): void;
  /** From the failures of a command: each to the field that its path ends in; what the form has no field for is a toast. */
  refuse(failures: readonly Failure[]): void;
  reset(): void;
}

/** The values of a form and what the API said is wrong with each. A field's error goes when it is changed. */
export function useFields<Values extends object>(initial: Values): Fields<Values> {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});

  function set(changes: Partial<Values>) {
    setValues((before) => ({ ...before, ...changes }));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !(name in changes))));
  }

  return {
    values,
    set,
    text: (name) => ({
      value: String(values[name] ?? ''),
      error: errors[name],
      onChange: ({ currentTarget }) => set({ [name]: currentTarget.value } as Partial<Values>),
    }),
    refuse(failures) {
      const isOfForm = ({ field }: Failure) => Object.hasOwn(values, field?.at(-1) ?? '');
      setErrors(
        Object.fromEntries(
          failures.filter(isOfForm).map(({ field, message }) => [field?.at(-1) ?? '', withReadableTimes(message)]),
        ),
      );
      showFieldFailures(failures.filter((failure) => !isOfForm(failure)));
    },
    reset() {
      setValues(initial);
      setErrors({});
    },
  };
}

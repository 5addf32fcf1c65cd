import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { showDone, showFailure } from '../components/toasts.tsx';
import type { Failure } from './failure.ts';
import { type InputOf, useCommand } from './use-command.ts';

export interface Action<Variables> {
  readonly isRunning: boolean;
  /** @returns whether it was done */
  run(input: InputOf<Variables>, done: string): Promise<boolean>;
}

/** A command without a form: says that it was done, or what was wrong, whatever field that is about. */
export function useAction<
  Data extends { readonly [name in keyof Data]: { readonly userErrors: readonly Failure[] } },
  Variables extends AnyVariables,
>(document: TypedDocumentNode<Data, Variables>): Action<Variables> {
  const command = useCommand(document);
  return {
    isRunning: command.isRunning,
    async run(input, done) {
      const result = await command.run(input);
      if (result.isDone) showDone(done);
      else showFieldFailures(result.failures);
      return result.isDone;
    },
  };
}

/** What no form is there to show: useCommand has shown the rest. */
export function showFieldFailures(failures: readonly Failure[]): void {
  for (const failure of failures) if ((failure.field?.length ?? 0) > 0) showFailure(failure);
}

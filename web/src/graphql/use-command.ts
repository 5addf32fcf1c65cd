import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { showFailure } from '../components/toasts.tsx';
import { randomId } from '../random-id.ts';
import { sessionState } from '../session/session-state.ts';
import { type Failure, failureOf, SESSION_ENDED } from './failure.ts';
import { revision } from './revision.ts';

interface Payload {
  readonly userErrors: readonly Failure[];
}

export type CommandResult<Data> =
  | { readonly isDone: true; readonly payload: Data }
  | { readonly isDone: false; readonly failures: readonly Failure[] };

type PayloadOf<Data> = Data[keyof Data];
export type InputOf<Variables> = Variables extends { readonly input: infer Input }
  ? Omit<Input, 'idempotencyKey'>
  : never;

export interface Command<Data, Variables> {
  readonly isRunning: boolean;
  /** Tries again under the same idempotency key until an answer has come, so that nothing is done twice. */
  run(input: InputOf<Variables>): Promise<CommandResult<PayloadOf<Data>>>;
}

/**
 * A mutation of the form `name(input: ...)` whose payload has `userErrors`. Lists and queries on the screen look again
 * when it has succeeded. What went wrong and is about no field is shown as a toast; the rest is for the form (useFields), or
 * for `showFieldFailures` where there is none.
 */
export function useCommand<Data extends { readonly [name in keyof Data]: Payload }, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  {
    changes = true,
  }: { /** Whether anything that is on the screen is another after it. */ readonly changes?: boolean } = {},
): Command<Data, Variables> {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);
  const attempt = useRef<{ readonly input: string; readonly key: string } | null>(null);

  async function run(input: InputOf<Variables>): Promise<CommandResult<PayloadOf<Data>>> {
    const asText = JSON.stringify(input);
    if (attempt.current?.input !== asText) attempt.current = { input: asText, key: randomId() };
    setIsRunning(true);
    const variables = { input: { ...input, idempotencyKey: attempt.current.key } } as unknown as Variables;
    const { data, error } = await client.mutation(document, variables).toPromise();
    setIsRunning(false);
    if (error !== undefined) return refuse([failureOf(error)]);
    attempt.current = null;
    const payload = data === undefined || data === null ? undefined : onlyFieldOf<Data>(data);
    if (payload === undefined) return refuse([{ code: 'INTERNAL', message: 'The answer is empty.', field: null }]);
    if (payload.userErrors.length > 0) return refuse(payload.userErrors);
    if (changes) revision.set(revision.get() + 1);
    return { isDone: true, payload };
  }

  return { isRunning, run };
}

/** Such a mutation asks for one thing. */
function onlyFieldOf<Data extends object>(data: Data): PayloadOf<Data> | undefined {
  for (const name in data) return data[name];
  return undefined;
}

function refuse(failures: readonly Failure[]): { isDone: false; failures: readonly Failure[] } {
  for (const failure of failures) {
    const isForForm = failure.field !== null && failure.field.length > 0;
    if (failure.code === SESSION_ENDED) tellWhenSignedIn(failure);
    else if (!isForForm) showFailure(failure);
  }
  return { isDone: false, failures };
}

/** Said when they can do it again: until then the sign-in is all that they see. */
function tellWhenSignedIn(failure: Failure): void {
  const stop = sessionState.subscribe(() => {
    if (sessionState.get() !== 'SIGNED_IN') return;
    stop();
    showFailure({ ...failure, message: 'Not done: your session had ended. Do it again.' });
  });
}

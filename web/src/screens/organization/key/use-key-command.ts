import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { showDone } from '../../../components/toasts.tsx';
import type { Failure } from '../../../graphql/failure.ts';
import { type InputOf, useCommand } from '../../../graphql/use-command.ts';
import type { KeyDialogProps } from './dialog-props.ts';
import type { KeyAnswerFragment } from './key.graphql.ts';
import { keyOf } from './key-words.ts';

interface KeyCommand<Input> {
  readonly isRunning: boolean;
  /** @returns what is wrong with the input, to be shown; nothing when it was done */
  run(more: Omit<Input, 'organizationId' | 'kind' | 'expectedVersion'>): Promise<readonly Failure[]>;
}

/**
 * A command that changes what the slot holds: under the version that is on the screen, so that nobody replaces a string
 * that they have not seen. The new one is handed to the card.
 * @param done the verb of what has happened: "Regenerated"
 */
export function useKeyCommand<
  Data extends { readonly [name in keyof Data]: KeyAnswerFragment },
  Variables extends AnyVariables,
>(
  document: TypedDocumentNode<Data, Variables>,
  done: string,
  { organization, slot, onClose, onFresh, onMoved }: KeyDialogProps,
): KeyCommand<InputOf<Variables>> {
  const command = useCommand(document);
  return {
    isRunning: command.isRunning,
    async run(more) {
      const place = { organizationId: organization.id, kind: slot.kind, expectedVersion: slot.version };
      const result = await command.run({ ...more, ...place } as unknown as InputOf<Variables>);
      if (!result.isDone) {
        if (result.failures.some(({ code }) => code === 'VERSION_CONFLICT')) {
          onClose();
          onMoved();
        }
        return result.failures;
      }
      const { apiKey, keyString } = result.payload;
      const isFresh = apiKey !== null && apiKey.maskedKey !== null;
      onFresh(
        isFresh
          ? { version: apiKey.version, maskedKey: apiKey.maskedKey ?? '', keyString, oldMaskedKey: slot.maskedKey }
          : null,
      );
      onClose();
      showDone(`${done} ${keyOf({ organization, slot })}.`);
      return [];
    },
  };
}

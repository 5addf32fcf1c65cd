import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { showDone } from '../../../components/toasts.tsx';
import type { Failure } from '../../../graphql/failure.ts';
import { type InputOf, useCommand } from '../../../graphql/use-command.ts';
import type { Organization } from '../key/key-words.ts';
import type { SubscriptionAnswerFragment } from './subscription.graphql.ts';

export interface SubscriptionDialogProps {
  readonly organization: Organization;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Somebody else has changed it meanwhile. */
  readonly onMoved: () => void;
}

/** @param done what has happened: "Renewed the subscription" */
export function useSubscriptionCommand<
  Data extends { readonly [name in keyof Data]: SubscriptionAnswerFragment },
  Variables extends AnyVariables,
>(
  document: TypedDocumentNode<Data, Variables>,
  done: string,
  { organization, onClose, onMoved }: SubscriptionDialogProps,
): {
  readonly isRunning: boolean;
  /** @returns what is wrong with the input, to be shown; nothing when it was done */
  run(input: Omit<InputOf<Variables>, 'organizationId'>): Promise<readonly Failure[]>;
} {
  const command = useCommand(document);
  return {
    isRunning: command.isRunning,
    async run(input) {
      const result = await command.run({ ...input, organizationId: organization.id } as unknown as InputOf<Variables>);
      if (result.isDone) {
        onClose();
        showDone(`${done} of ${organization.name}.`);
        return [];
      }
      if (result.failures.some(({ code }) => code === 'VERSION_CONFLICT' || code.startsWith('SUBSCRIPTION_'))) {
        onClose();
        onMoved();
      }
      return result.failures;
    },
  };
}

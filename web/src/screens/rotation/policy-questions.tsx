import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAction } from '../../graphql/use-action.ts';
import { DeleteRotationPolicyDocument, type PolicyFragment, UpdateRotationPolicyDocument } from './rotation.graphql.ts';

interface QuestionProps {
  readonly policy: PolicyFragment;
  readonly onClose: () => void;
}

const instead = 'Where another policy holds as well, that one counts from then on.';

export function SwitchOffPolicy({ policy: { id, name }, onClose }: QuestionProps) {
  const action = useAction(UpdateRotationPolicyDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Switch off ${name}`}
      verb="Switch off policy"
      consequences={['It tells nobody and rotates nothing until it is switched on again.', instead]}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ rotationPolicyId: id, isEnabled: false }, `Switched off ${name}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

export function DeletePolicy({ policy: { id, name }, onClose }: QuestionProps) {
  const action = useAction(DeleteRotationPolicyDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${name}`}
      verb="Delete policy"
      consequences={['Keys and rotations that are under way are not touched.', instead]}
      typed={name}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action.run({ rotationPolicyId: id }, `Deleted ${name}.`).then((isDone) => isDone && onClose())
      }
    />
  );
}

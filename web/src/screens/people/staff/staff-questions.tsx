import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { showFieldFailures, useAction } from '../../../graphql/use-action.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import {
  DeactivateStaffMemberDocument,
  EndStaffSessionsDocument,
  ReactivateStaffMemberDocument,
  RemoveStaffMemberDocument,
  ResetStaffPasswordDocument,
} from './staff.graphql.ts';
import type { StaffRow } from './staff-columns.tsx';
import type { NewPassword } from './staff-password.tsx';

export type StaffQuestion = 'RESET_PASSWORD' | 'END_SESSIONS' | 'DEACTIVATE' | 'REACTIVATE' | 'REMOVE';

interface QuestionProps {
  readonly member: StaffRow;
  readonly onClose: () => void;
}

interface StaffQuestionsProps extends QuestionProps {
  readonly question: StaffQuestion;
  readonly onPassword: (password: NewPassword) => void;
}

/** What is asked before something is done to somebody. */
export default function StaffQuestions({ question, onPassword, ...props }: StaffQuestionsProps) {
  switch (question) {
    case 'RESET_PASSWORD':
      return <ResetPassword {...props} onPassword={onPassword} />;
    case 'END_SESSIONS':
      return <EndSessions {...props} />;
    case 'DEACTIVATE':
      return <Deactivate {...props} />;
    case 'REACTIVATE':
      return <Reactivate {...props} />;
    case 'REMOVE':
      return <Remove {...props} />;
  }
}

function ResetPassword({ member, onClose, onPassword }: QuestionProps & Pick<StaffQuestionsProps, 'onPassword'>) {
  const command = useCommand(ResetStaffPasswordDocument);
  async function confirm() {
    const result = await command.run({ staffMemberId: member.id });
    if (!result.isDone) return showFieldFailures(result.failures);
    const { displayName, username } = member;
    onPassword({ displayName, username, password: result.payload.password, isNew: false });
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Reset the password of ${member.displayName}`}
      verb="Reset password"
      consequences={[
        'Their password holds no longer, and their sessions end.',
        'You see a new one once; they choose one of their own at the next sign-in.',
      ]}
      isRunning={command.isRunning}
      onConfirm={() => void confirm()}
    />
  );
}

function EndSessions({ member, onClose }: QuestionProps) {
  const action = useAction(EndStaffSessionsDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`End the sessions of ${member.displayName}`}
      verb="End sessions"
      consequences={['They are signed out everywhere within a second, and may sign in again.']}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ staffMemberId: member.id }, `Ended the sessions of ${member.displayName}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function Deactivate({ member, onClose }: QuestionProps) {
  const action = useAction(DeactivateStaffMemberDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Deactivate ${member.displayName}`}
      verb="Deactivate"
      consequences={[
        'Their sessions end, and they cannot sign in until somebody reactivates them.',
        'What they did stays in the audit trail under their name.',
      ]}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ staffMemberId: member.id }, `Deactivated ${member.displayName}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function Reactivate({ member, onClose }: QuestionProps) {
  const action = useAction(ReactivateStaffMemberDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Reactivate ${member.displayName}`}
      verb="Reactivate"
      consequences={['They may sign in again, with the password and the role that they had.']}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ staffMemberId: member.id }, `Reactivated ${member.displayName}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function Remove({ member, onClose }: QuestionProps) {
  const action = useAction(RemoveStaffMemberDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove ${member.displayName}`}
      verb="Remove"
      consequences={[
        ...(member.signsInAt === 'TRUSTED_ISSUER'
          ? [
              'Their sessions end here. Whenever their identity provider lets them in again they are back, as somebody new.',
              'To keep them out, take them out there, or deactivate them here instead of removing them.',
            ]
          : [
              'Their sessions end, and they cannot sign in any more.',
              `The user name ${member.username} is free again.`,
            ]),
        'What they did stays in the audit trail under their name.',
      ]}
      typed={member.username}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ staffMemberId: member.id }, `Removed ${member.displayName}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

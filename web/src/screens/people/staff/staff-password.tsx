import { OneTimeSecret } from '../../../components/one-time-secret.tsx';

export interface NewPassword {
  readonly displayName: string;
  readonly username: string;
  /** Null when the answer that held it was lost. */
  readonly password: string | null;
  readonly isNew: boolean;
}

/** The one time that a generated password is seen. */
export function StaffPassword({ of, onClose }: { readonly of: NewPassword; readonly onClose: () => void }) {
  const { displayName, username, password, isNew } = of;
  return (
    <OneTimeSecret
      title={`${isNew ? 'Password' : 'New password'} of ${displayName}`}
      label="One-time password"
      secret={password}
      facts={[{ label: 'User name', value: username }]}
      whenLost="They are there, but the answer with the password was lost on its way. Reset the password to get another."
      onClose={onClose}
    >
      Give it to {displayName} by a safe way. At the first sign-in they choose one of their own.
      {!isNew && ' Their sessions have ended.'}
    </OneTimeSecret>
  );
}

import type { StatusName } from '../../components/status.ts';
import type { MailDigest, MailRecipientRowFragment } from './mail.graphql.ts';

export const digests: readonly { readonly value: MailDigest; readonly label: string; readonly description: string }[] =
  [
    {
      value: 'IMMEDIATE',
      label: 'At once',
      description:
        'Within about a minute, then at most one mail in a quarter of an hour, unless the server says otherwise.',
    },
    { value: 'HOURLY', label: 'Hourly', description: 'What happened, in one mail at the full hour.' },
    { value: 'DAILY', label: 'Daily', description: 'What happened, in one mail at 06:00 UTC.' },
  ];

export function digestInWords(digest: MailDigest): string {
  return digests.find(({ value }) => value === digest)?.label ?? digest;
}

export function statusOfRecipient({ isEnabled, failingSince }: MailRecipientRowFragment): StatusName {
  if (!isEnabled) return 'disabled';
  return failingSince === null ? 'enabled' : 'failing';
}

/** Why nothing gets there; null: all is well. */
export function troubleOf({ disabledReason, failingSince, error }: MailRecipientRowFragment): string | null {
  if (disabledReason === 'BY_STAFF') return 'Somebody disabled it.';
  if (disabledReason === 'FAILING') return 'The mail server refused the address for three days.';
  return failingSince === null ? null : (error ?? 'The last attempt failed.');
}

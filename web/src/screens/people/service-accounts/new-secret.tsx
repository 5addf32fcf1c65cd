import { Code } from '@mantine/core';
import { OneTimeSecret } from '../../../components/one-time-secret.tsx';

export interface NewSecret {
  readonly name: string;
  readonly clientId: string;
  /** Null when the answer that held it was lost. */
  readonly clientSecret: string | null;
  readonly isFirst: boolean;
}

/** The one time that a client secret is seen. */
export function ShownSecret({ of, onClose }: { readonly of: NewSecret; readonly onClose: () => void }) {
  const { name, clientId, clientSecret, isFirst } = of;
  return (
    <OneTimeSecret
      title={`${isFirst ? 'Secret' : 'Second secret'} of ${name}`}
      label="Client secret"
      secret={clientSecret}
      facts={[{ label: 'Client id', value: clientId }]}
      whenLost="It is there, but the answer with it was lost on its way. Add another one, then revoke the lost one."
      onClose={onClose}
    >
      Programs get a token with both from <Code>POST /oauth/token</Code>.
      {!isFirst && ' The first secret holds until you revoke it: switch over, then revoke it.'}
    </OneTimeSecret>
  );
}

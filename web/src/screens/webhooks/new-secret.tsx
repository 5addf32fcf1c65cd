import { Code } from '@mantine/core';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { plural } from '../../components/time.ts';

export interface NewSecret {
  /** Of its endpoint. */
  readonly name: string;
  /** Null when the answer that held it was lost. */
  readonly secret: string | null;
  /** For so long the one before signs too; null: there was none. */
  readonly overlapHours: number | null;
}

/** The one time that a signing secret is seen. */
export function ShownSecret({ of, onClose }: { readonly of: NewSecret; readonly onClose: () => void }) {
  const { name, secret, overlapHours } = of;
  return (
    <OneTimeSecret
      title={`${overlapHours === null ? 'Secret' : 'New secret'} of ${name}`}
      label="Signing secret"
      secret={secret}
      whenLost="It is there, but the answer with it was lost on its way. Rotate the secret once more to get another."
      onClose={onClose}
    >
      The receiver checks <Code>webhook-signature</Code> of what it gets with it, as Standard Webhooks has it.
      {overlapHours !== null &&
        (overlapHours === 0
          ? ' The secret before signs no more.'
          : ` For ${plural(overlapHours, 'hour')} the secret before signs too: change over in between.`)}
    </OneTimeSecret>
  );
}
